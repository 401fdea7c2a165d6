package dev.mme5.cli.output;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.engine.ModelInspection;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that one run reads and writes. A file that is written may be none of the others: it takes the place of whatever has its name.
 * Devices and pipes do not count.
 */
public final class RunFiles {
    private static final Path STDIN = Path.of("/proc/self/fd/0");

    /**
     * Weights, vocabularies, golden embeddings, texts for people, and what configures anything. The engine knows the other names of a
     * model's files; results have none of them.
     */
    private static final Pattern OF_MODEL = Pattern.compile("(?i)"
            + "[^./][^/]*\\.safetensors(\\.index\\.json)?|goldens[^/]*|sha256sums|([^/]+/)?[^/]*config\\.json|vocab\\.(json|txt)|merges\\.txt"
            + "|(license|licence|notice|use_policy|readme)(\\.(txt|md))?");

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

    /** The folder of a model, if it exists. Files that have names of a model's files are not written there; others may be. */
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

    /** The same for an index. If none can be there, opening it fails with a message of its own. */
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
    public void check() {
        for (int i = 0; i < written.size(); i++) {
            Use target = written.get(i);
            for (Use other : written.subList(0, i)) requireOther(target, other);
            for (Use other : read) requireOther(target, other);
            if (model != null && isOfModel(target.path())) {
                throw new UsageException("%s: %s is the name of a file of the model, expected another name".formatted(target.use(),
                        target.path()));
            }
        }
    }

    /** Whether a file is one of the model, even by a link, or would become one. */
    private boolean isOfModel(Path file) {
        Path folder = file.getParent();
        if (isSame(folder, model) && isNameOfModel(folder.relativize(file))) return true;
        Path above = folder.getParent();
        if (above != null && isSame(above, model) && isNameOfModel(above.relativize(file))) return true;
        if (!Files.exists(file)) return false;
        for (Path other : entries(model)) { // a file of a Hugging Face cache is a link to one that has another name
            if (isSame(file, other) && isNameOfModel(other.getFileName())) return true;
            for (Path inner : entries(other)) {
                if (isSame(file, inner) && isNameOfModel(other.getFileName().resolve(inner.getFileName()))) return true;
            }
        }
        return false;
    }

    /** Of a folder; links are followed. None of anything else, and of a folder that may not be listed. */
    private static List<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // opening such a file fails with a message of its own
        }
    }

    /** Upper and lower case are the same here, as they are in some file systems. */
    private static boolean isNameOfModel(Path inModel) {
        String name = inModel.toString().replace(File.separatorChar, '/');
        return OF_MODEL.matcher(name).matches() || ModelInspection.namesOfModelFiles().stream().anyMatch(name::equalsIgnoreCase);
    }

    /** Refuses a run that would write over one of these files. */
    public void check(String noun, Iterable<Path> files) {
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

    /**
     * An image that a line of the input names.
     *
     * @throws UsageException if the run would write over it
     */
    public Path checkedImage(Path file) {
        check("an image", List.of(file));
        return file;
    }

    private static void requireOther(Use target, Use other) {
        if (isSame(target.path(), other.path())) {
            throw new OptionException("%s and %s are the same file: %s".formatted(other.use(), target.use(), target.path()));
        }
    }

    private static boolean isSame(Path a, Path b) {
        if (a.equals(b)) return true;
        try {
            return Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
        } catch (IOException e) {
            return false; // opening such a file fails with a message of its own
        }
    }
}
