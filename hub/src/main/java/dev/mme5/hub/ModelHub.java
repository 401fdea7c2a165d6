package dev.mme5.hub;

import dev.mme5.hub.net.EnvironmentProxies;
import dev.mme5.hub.cache.CacheFolder;
import dev.mme5.hub.cache.SnapshotContents;
import dev.mme5.hub.net.RepositoryListing;
import dev.mme5.hub.transfer.FileFetcher;
import dev.mme5.hub.transfer.PartialFile;
import dev.mme5.json.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The hub and its cache. {@link #download} brings a model, {@link #find} looks for one without a request, {@link #list} shows all
 * that are here. Any number of threads and processes may download at once; those that want the same file wait for the one that
 * fetches it.
 */
public final class ModelHub {
    private final HubSettings settings;
    private final long chunkBytes;

    private ModelHub(HubSettings settings, long chunkBytes) {
        this.settings = settings;
        this.chunkBytes = chunkBytes;
    }

    /** By this process's environment. */
    public static ModelHub defaults() {
        return of(HubSettings.of(System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    public static ModelHub of(HubSettings settings) {
        return new ModelHub(settings, FileFetcher.CHUNK_BYTES);
    }

    /** For tests with small files. */
    static ModelHub of(HubSettings settings, long chunkBytes) {
        return new ModelHub(settings, chunkBytes);
    }

    public HubSettings settings() {
        return settings;
    }

    /**
     * Downloads a model into the cache, or what is missing of it.
     *
     * @param reference {@code ORG/NAME} or {@code ORG/NAME@REV}
     * @return the complete snapshot
     * @throws HubException when that is impossible; what has come stays for the next time
     * @throws DownloadCancelledException when the thread is interrupted; what has come stays
     */
    public Path download(String reference) {
        return download(ModelReference.parse(reference), DownloadOptions.defaults());
    }

    private void requireUsableProxy() {
        try {
            if (settings.proxies() instanceof EnvironmentProxies proxies) proxies.requireUsable(settings.endpoint());
        } catch (IllegalArgumentException e) {
            throw new HubException(e.getMessage(), e);
        }
    }

    /** The same with options. */
    public Path download(ModelReference reference, DownloadOptions options) {
        CacheFolder cache = cacheFolder(reference.name());
        boolean isFixed = RepositoryListing.isCommit(reference.revision()) || settings.isOffline();
        if (options.output().isEmpty() && !options.force() && isFixed) {
            Optional<Path> found = find(reference);
            if (found.isPresent()) return found.get();
        }
        if (settings.isOffline()) {
            boolean isWantedFromCache = options.output().isEmpty() && !options.force();
            String state = isWantedFromCache ? " is not complete in " + settings.cache() + ", and" : " cannot be fetched:";
            throw new HubException(reference + state + " HF_HUB_OFFLINE forbids downloads");
        }
        requireUsableProxy();
        try (Download download = new Download(settings, reference, cache, options, chunkBytes)) {
            return download.run();
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw cancelled(e);   // interrupting closes files
            throw HubException.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        }
    }

    private static DownloadCancelledException cancelled(Exception cause) {
        return new DownloadCancelledException("the download was interrupted", cause);
    }

    /**
     * Looks for a complete model in the cache, without a request. Complete is a snapshot that has all weights, and whose other
     * files that decide about vectors are here or are known not to exist. One that a program fetched file by file may not be.
     *
     * @param reference {@code ORG/NAME} or {@code ORG/NAME@REV}
     */
    public Optional<Path> find(String reference) {
        return find(ModelReference.parse(reference));
    }

    /** The same. */
    public Optional<Path> find(ModelReference reference) {
        CacheFolder cache = cacheFolder(reference.name());
        return cache.commit(reference.revision()).filter(commit -> cache.firstMissing(commit).isEmpty()).map(cache::snapshot);
    }

    /**
     * A model for a command that was given a name: the cached snapshot, or a refusal that says what is missing.
     *
     * @throws HubException when it is not in the cache, or not complete
     */
    public Path require(ModelReference reference) {
        CacheFolder cache = cacheFolder(reference.name());
        Optional<String> commit = cache.commit(reference.revision()).filter(found -> Files.isDirectory(cache.snapshot(found)));
        Optional<String> missing = commit.flatMap(cache::firstMissing);
        if (commit.isPresent() && missing.isEmpty()) return cache.snapshot(commit.get());
        String state = commit.isPresent() ? "is not complete (" + missing.get() + " was not fetched)" : "is not in " + settings.cache();
        throw new HubException(reference + " " + state + "; get it with: mme5 download " + reference);
    }

    /** All snapshots of the cache, by name and commit, the incomplete ones too. */
    public List<CachedModel> list() {
        return list(ModelCheck.none());
    }

    /**
     * The same.
     *
     * @param check asked for each complete one
     */
    public List<CachedModel> list(ModelCheck check) {
        List<CachedModel> models = new ArrayList<>();
        for (String name : CacheFolder.repositories(settings.cache())) {
            CacheFolder cache = cacheFolder(name);
            for (String commit : cache.commits()) {
                Path folder = cache.snapshot(commit);
                Optional<String> missing = cache.firstMissing(commit);
                Optional<String> problem = missing.isPresent() ? Optional.empty() : check.problem(folder).map(SafeText::line);
                long unfinished = missing.isPresent() ? PartialFile.bytesPresentIn(cache.blob("any").getParent()) : 0;
                models.add(new CachedModel(name, commit, cache.revisions(commit), folder, SnapshotContents.bytes(folder) + unfinished,
                        missing, problem));
            }
        }
        return List.copyOf(models);
    }

    private CacheFolder cacheFolder(String name) {
        return new CacheFolder(settings.cache(), name, settings.mayLink());
    }
}
