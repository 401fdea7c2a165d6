package dev.mme5.cli.option;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.IoErrors;
import dev.mme5.cli.context.OptionException;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.NamedFile;
import dev.mme5.engine.Options;
import dev.mme5.hub.HubException;
import dev.mme5.hub.ModelReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of every command. A command without use for one accepts it all the same, so that scripts can pass it everywhere. */
public final class CommonOptions {
    /** In a message; a cache entry has one or two snapshots. */
    private static final int MAX_NAMED = 5;

    private static final String SNAPSHOTS = "snapshots";

    @Option(names = "--model", paramLabel = "MODEL",
            description = "A folder, or ORG/NAME or ORG/NAME@REV, which was downloaded. Default: MME5_MODEL, else models/mini.")
    private String model;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads that compute. Default: all processors.")
    private Integer threads;

    @Option(names = "--quiet", description = "Only errors on stderr: no progress, no remarks.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version.")
    private boolean version;

    /** None given, until picocli fills them. */
    public CommonOptions() {}

    /** @param model null if it is not given */
    public CommonOptions(String model, boolean quiet) {
        this.model = model;
        this.quiet = quiet;
    }

    /**
     * The model folder: an existing path comes first, then the snapshot that the hub's cache has of a name. Nothing is downloaded. A
     * text that can be no name is taken as a path, for the refusal of whoever opens it.
     *
     * @throws UsageException if there is neither
     */
    public Path model(CommandContext context) {
        String name = model == null ? context.defaultModel() : model;
        try {
            Path path = context.folder().resolve(name);
            if (NamedFile.isDescriptor(path)) return NamedFile.of(path).path();
            if (Files.exists(path)) return requireNoCacheEntry(path);
            if (NamedFile.isUrl(name)) {
                throw new UsageException(
                        "--model: expected a folder or ORG/NAME, found the URL " + name + "; mme5 download ORG/NAME gets a model");
            }
            Optional<ModelReference> reference = ModelReference.tryParse(name);
            if (reference.isEmpty()) return path;
            if (Files.notExists(path)) return context.hub().get().require(reference.get());
            return context.hub().get().find(reference.get()).orElse(path); // the system does not tell whether the path exists
        } catch (IOException e) {
            throw new UsageException("--model " + name + ": " + IoErrors.describe(e));
        } catch (InvalidPathException e) {
            throw new UsageException("--model: expected a folder or ORG/NAME, found " + name);
        } catch (HubException e) {
            throw new UsageException("there is no folder " + name + ", and " + e.getMessage());
        }
    }

    /** A repository's folder in the cache looks like a model folder to people, but its files are in {@code snapshots/COMMIT}. */
    private static Path requireNoCacheEntry(Path path) {
        Path snapshots = path.endsWith(SNAPSHOTS) ? path : path.resolve(SNAPSHOTS);
        if (!Files.isDirectory(snapshots) || Files.exists(path.resolve("config.json"))) return path;
        try (Stream<Path> entries = Files.list(snapshots)) {
            String found = entries.sorted().limit(MAX_NAMED).map(Path::toString).collect(Collectors.joining(" or "));
            if (found.isEmpty()) return path;
            throw new UsageException(path + ": expected a model folder, found a folder of the hub's cache; name a snapshot: " + found);
        } catch (IOException | UncheckedIOException e) {
            return path;
        }
    }

    /** Number of threads. A command that needs one thread calls this too, so that a wrong value is refused everywhere. */
    public int threads() {
        if (threads == null) return Options.defaults().threads();
        OptionException.requireAtLeast(1, "--threads", threads);
        if (threads > Options.MAX_THREADS) {
            throw new OptionException("--threads is " + threads + ", expected at most " + Options.MAX_THREADS);
        }
        return threads;
    }

    public boolean quiet() {
        return quiet;
    }
}
