package dev.mme5.cli.output;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that one run reads and writes. A file that is written may be none of the others: it takes the place of whatever has its name.
 * Devices and pipes do not count.
 */
public final class RunFiles {
    private static final Path STDIN = Path.of("/proc/self/fd/0");

    /**
     * @param use what the user calls it: an option, or a noun
     * @param path where it is, or will be
     */
    private record Use(String use, Path path) {}

    private final CommandContext context;
    private final List<Use> read = new ArrayList<>();
    private final List<Use> written = new ArrayList<>();
    private Path model;

    public RunFiles(CommandContext context) {
        this.context = context;
    }

    /** @param file as the user named it; null for none, {@code -} for stdin */
    public RunFiles reads(String option, String file) {
        if (file == null) return this;
        return file.equals("-") ? reads("stdin", STDIN) : reads(option, context.folder().resolve(file));
    }

    public RunFiles reads(String use, Path file) {
        read.add(new Use(use, file));
        return this;
    }

    /** A folder whose files are read, if it exists. Files that are directly in it are not replaced. */
    public RunFiles readsModel(Path folder) {
        model = folder;
        return this;
    }

    /**
     * @param file as the user named it; null for none, {@code -} for stdout
     * @throws UsageException if no file can be there
     */
    public RunFiles writes(String option, String file) throws IOException {
        if (file == null || file.equals("-")) return this;
        Path target;
        try {
            target = AtomicOutput.target(file, context);
        } catch (InvalidPathException e) {
            throw new OptionException(option + " is not a path: " + e.getReason());
        }
        if (!Files.exists(target) || Files.isRegularFile(target)) written.add(new Use(option, target));
        return this;
    }

    /** The same for an index. One that cannot be is told by whoever opens it, with what to do. */
    public RunFiles writesIndex(String option, String file) throws IOException {
        try {
            return writes(option, file);
        } catch (UsageException e) {
            return this;
        }
    }

    /**
     * Refuses a run that would write over a file that it needs.
     *
     * @throws OptionException if two options name one file
     */
    public void check() throws IOException {
        for (int i = 0; i < written.size(); i++) {
            Use target = written.get(i);
            for (Use other : written.subList(0, i)) requireOther(target, other);
            for (Use other : read) requireOther(target, other);
            Path folder = target.path().getParent();
            if (model != null && Files.exists(target.path()) && isSame(folder, model)) {
                throw new UsageException("%s: %s is a file of the model's folder, expected another name".formatted(target.use(),
                        target.path()));
            }
        }
    }

    /** Refuses a run that would write over one of these files. */
    public void check(String noun, Iterable<Path> files) throws IOException {
        for (Use target : written) {
            if (!Files.exists(target.path())) continue;
            for (Path file : files) {
                if (isSame(target.path(), file)) {
                    throw new UsageException(
                            "%s: %s is %s of this run, expected another file".formatted(target.use(), target.path(), noun));
                }
            }
        }
    }

    private static void requireOther(Use target, Use other) throws IOException {
        if (isSame(target.path(), other.path())) {
            throw new OptionException("%s and %s are the same file: %s".formatted(other.use(), target.use(), target.path()));
        }
    }

    private static boolean isSame(Path a, Path b) throws IOException {
        if (a.equals(b)) return true;
        try {
            return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
        } catch (IOException e) {
            return false; // one that cannot be looked at is told by whoever opens it
        }
    }
}
