package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.output.AtomicOutput;
import dev.mme5.cli.output.OutputSuffix;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where the results of a command go. */
public final class OutputOptions {
    @Option(names = "--output", paramLabel = "FILE", description = "File for the results. Default: stdout.")
    private String file;

    /** Opens the file or stdout. */
    public AtomicOutput open(CommandContext context) throws IOException {
        return open(context, false);
    }

    /** @param patchable whether {@link AtomicOutput#patch} will be used */
    public AtomicOutput open(CommandContext context, boolean patchable) throws IOException {
        return AtomicOutput.open(file, patchable, context);
    }

    /**
     * The format of the results: that of the option, else that of the suffix of the output. They may not contradict each other.
     *
     * @param explicit the value of {@code --format}, or null
     * @param otherwise the format if neither says anything
     * @param written the formats that the command writes, by suffix
     */
    public <T> T format(T explicit, T otherwise, Map<String, T> written) {
        T named = OutputSuffix.format("--output", isStdout() ? null : file, written);
        if (explicit == null) return named == null ? otherwise : named;
        if (named == null || named.equals(explicit)) return explicit;
        throw new OptionException("--output %s is named like %s, and --format is %s".formatted(file, named, explicit));
    }

    /** Refuses the name of a file of another format than the only one that a command writes. */
    public static void requireSuffix(String file, String suffix) {
        OutputSuffix.format("--output", file, Map.of(suffix, suffix));
    }

    /** Whether to write JSON: if the option says so, or the suffix of the output. */
    public boolean json(boolean explicit) {
        return explicit | format(null, false, Map.of("json", true, "jsonl", true, "ndjson", true));
    }

    /** The file as the user named it, {@code -} or null for stdout. */
    public String file() {
        return file;
    }

    /** Whether the results go to stdout. */
    public boolean isStdout() {
        return file == null || file.equals("-");
    }
}
