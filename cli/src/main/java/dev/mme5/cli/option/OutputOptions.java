package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.output.AtomicOutput;
import java.io.IOException;
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

    /** The file as the user named it, {@code -} or null for stdout. */
    public String file() {
        return file;
    }

    /** Whether the results go to stdout. */
    public boolean isStdout() {
        return file == null || file.equals("-");
    }
}
