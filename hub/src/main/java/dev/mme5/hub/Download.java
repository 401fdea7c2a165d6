package dev.mme5.hub;

import dev.mme5.hub.cache.CacheFolder;
import dev.mme5.hub.cache.OutputFolder;
import dev.mme5.hub.cache.SnapshotContents;
import dev.mme5.hub.destination.CacheDestination;
import dev.mme5.hub.destination.Destination;
import dev.mme5.hub.destination.FolderDestination;
import dev.mme5.hub.destination.PlannedFile;
import dev.mme5.hub.net.ConnectionFailure;
import dev.mme5.hub.net.FileMetadata;
import dev.mme5.hub.net.HubApi;
import dev.mme5.hub.net.PermanentFailure.Problem;
import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.hub.net.RepositoryListing;
import dev.mme5.hub.net.RetryPolicy;
import dev.mme5.hub.net.StatusFailure;
import dev.mme5.hub.net.Transport;
import dev.mme5.hub.transfer.ContentDigest;
import dev.mme5.hub.transfer.DiskSpace;
import dev.mme5.hub.transfer.FileFetcher;
import dev.mme5.hub.transfer.Parallel;
import dev.mme5.hub.transfer.RemoteFile;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One download: listing, configuration, small files, weights, in this order, so that a repository that cannot be used is refused
 * before gigabytes are fetched, and so that the weights come last. The revision's ref is written at the very end: until then a
 * snapshot of an older commit stays the one that is found.
 */
final class Download implements AutoCloseable {
    /** Files of a model folder that decide which weights are read, or how. */
    private static final List<String> DECISIVE = List.of(SnapshotContents.WEIGHTS, SnapshotContents.INDEX, "adapter_config.json",
            "adapter_model.safetensors", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "preprocessor_config.json",
            "processor_config.json");

    /** Files of which it is recorded that a commit has none: programs ask for them. */
    private static final List<String> OPTIONAL = Stream.concat(SnapshotContents.allOptional().stream(),
            Stream.of("processor_config.json", "chat_template.json", "generation_config.json"))
            .toList();

    /** As large as a JSON file may be; the largest tokenizers of 2025 have 35 MB. */
    static final long MAX_SMALL_BYTES = 100_000_000;

    /** Far more than a disk has; sums of a few such sizes are still exact. */
    static final long MAX_WEIGHTS_BYTES = 1L << 50;

    private final ModelReference reference;
    private final CacheFolder cache;
    private final DownloadOptions options;
    private final ProgressMeter meter;
    private final Transport transport;
    private final RetryPolicy retries;
    private final HubApi api;
    private final long chunkBytes;

    Download(HubSettings settings, ModelReference reference, CacheFolder cache, DownloadOptions options, long chunkBytes) {
        this.reference = reference;
        this.cache = cache;
        this.options = options;
        this.chunkBytes = chunkBytes;
        this.meter = new ProgressMeter(options.listener());
        this.transport = new Transport(settings.endpoint(), settings.token(), settings.proxies(), settings.connectTimeout(),
                settings.stallTimeout());
        this.retries = new RetryPolicy(settings.attempts(), settings.firstPause(), Duration.ofSeconds(30));
        this.api = new HubApi(transport, reference.name());
    }

    /** The complete folder. */
    Path run() throws IOException, InterruptedException {
        Optional<Path> cached = cachedAnyway();
        RetryPolicy patience = cached.isPresent() ? new RetryPolicy(1, Duration.ZERO, Duration.ZERO) : retries;
        RepositoryListing listing;
        try {
            listing = patience.run(() -> api.listing(reference.revision()), meter::notice);
        } catch (ConnectionFailure | StatusFailure e) {
            if (cached.isEmpty()) throw e;
            meter.notice(e.getMessage() + "; using what the cache has of " + reference);
            return cached.get();
        }
        Selection selection = new Selection(reference, listing, options.filter());
        String commit = commit(listing);
        Destination destination = destination(commit);
        requireSpaceForLikely(selection, destination);
        long likelyBytes = selection.likely().stream().mapToLong(RepositoryListing.ListedFile::size).map(size -> Math.max(0, size))
                .reduce(0, DiskSpace::sum);
        meter.expect(likelyBytes);
        requireNoFileOfAnotherRevision(selection);
        destination.prepare();

        List<PlannedFile> small = planned(selection, selection.small(), commit, MAX_SMALL_BYTES);
        meter.expect(Math.max(likelyBytes, bytes(small)));
        PlannedFile config = small.stream().filter(file -> file.name().equals(SnapshotContents.CONFIG)).findFirst().orElseThrow();
        fetchAll(List.of(config), destination);
        checkModel(destination.folder());
        fetchAll(small.stream().filter(file -> file != config).toList(), destination);
        checkModel(destination.folder());   // again: what config.json alone does not say, such as how states are pooled

        List<String> shards = selection.isSharded() ? shards(destination.folder()) : List.of();
        List<PlannedFile> weights = planned(selection, selection.weights(shards), commit, MAX_WEIGHTS_BYTES);
        meter.expect(DiskSpace.sum(bytes(small), bytes(weights)));
        requireSpace(weights, destination);
        for (PlannedFile file : weights) fetch(file, destination, options.connections());

        if (options.output().isEmpty()) finishCache(selection, commit);
        meter.complete();
        return destination.folder();
    }

    /** A plain folder may have been that of another revision: what decides about vectors and is not overwritten would count. */
    private void requireNoFileOfAnotherRevision(Selection selection) throws PermanentFailure {
        if (options.output().isEmpty()) return;
        for (String name : DECISIVE) {
            Path file = options.output().get().resolve(name);
            boolean isWanted = selection.small().contains(name) || selection.has(name) && name.endsWith(".safetensors");
            if (!isWanted && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new PermanentFailure(Problem.EXTRA_FILE, file + " is no file of " + reference + " and would count");
            }
        }
    }

    /** The complete snapshot that is used when the hub cannot be reached. */
    private Optional<Path> cachedAnyway() {
        if (options.output().isPresent() || options.force()) return Optional.empty();
        return cache.commit(reference.revision()).filter(commit -> cache.firstMissing(commit).isEmpty()).map(cache::snapshot);
    }

    private String commit(RepositoryListing listing) throws IOException, InterruptedException {
        String revision = reference.revision();
        if (RepositoryListing.isCommit(revision)) {
            if (listing.commit().isPresent() && !listing.commit().get().equals(revision)) {
                throw new PermanentFailure(reference + ": expected the commit that was asked for, found " + listing.commit().get());
            }
            return revision;
        }
        if (listing.commit().isPresent()) return listing.commit().get();
        FileMetadata config = retries.run(() -> api.metadata(revision, SnapshotContents.CONFIG), meter::notice);
        return config.commit().filter(RepositoryListing::isCommit).orElseThrow(() -> new PermanentFailure(
                Problem.UNKNOWN_REVISION,
                reference + ": the server does not say which commit " + revision + " is; ask for a commit of 40 hex digits"));
    }

    private Destination destination(String commit) {
        return options.output()
                .<Destination>map(folder -> new FolderDestination(new OutputFolder(folder), cache, commit, options.force(), meter::notice))
                .orElseGet(() -> new CacheDestination(cache, commit, options.force(), meter::notice));
    }

    private void checkModel(Path folder) throws PermanentFailure {
        Optional<String> problem = options.check().problem(folder);
        if (problem.isPresent()) throw new PermanentFailure(reference + " is refused: " + problem.get());
    }

    private List<String> shards(Path folder) throws PermanentFailure {
        try {
            return SnapshotContents.shards(folder.resolve(SnapshotContents.INDEX));
        } catch (ModelFormatException e) {
            throw new PermanentFailure(e.getMessage(), e);
        }
    }

    /** Asks for digest, size and location of each file. */
    private List<PlannedFile> planned(Selection selection, List<String> names, String commit, long maxBytes)
            throws IOException, InterruptedException {
        return Parallel.map(names, options.connections(), name -> planned(selection.listed(name), commit, maxBytes));
    }

    private static long bytes(List<PlannedFile> files) {
        return files.stream().mapToLong(PlannedFile::size).reduce(0, DiskSpace::sum);
    }

    private PlannedFile planned(RepositoryListing.ListedFile listed, String commit, long maxBytes)
            throws IOException, InterruptedException {
        String name = listed.name();
        FileMetadata metadata = retries.run(() -> api.metadata(commit, name), meter::notice);
        if (metadata.commit().isPresent() && !metadata.commit().get().equals(commit)) {
            throw new PermanentFailure(name + ": expected the commit " + commit + ", found " + metadata.commit().get());
        }
        ContentDigest digest = digest(listed, metadata.etag());
        long size = metadata.size() >= 0 ? metadata.size() : listed.size();
        if (size < 0) throw new PermanentFailure(name + ": the server does not say how large it is");
        if (listed.size() >= 0 && listed.size() != size) {
            throw new PermanentFailure(name + ": expected " + listed.size() + " bytes as in the list of files, found " + size);
        }
        if (size > maxBytes) throw new PermanentFailure(name + ": expected at most " + maxBytes + " bytes, found " + size);
        RemoteFile.Locator locator = () -> relocated(name, commit, metadata.etag());
        return new PlannedFile(name, digest.hex(), new RemoteFile(name, size, digest, metadata.location(), locator));
    }

    /**
     * What the bytes must hash to. The SHA-256 of either side comes first; then the list's git SHA-1, since a mirror may have etags
     * of its own; then the etag.
     */
    private static ContentDigest digest(RepositoryListing.ListedFile listed, String etag) throws PermanentFailure {
        Optional<String> inList = listed.digest();
        boolean isSha256 = etag.length() == 64 && ContentDigest.of(etag).isPresent();
        if (isSha256 && inList.isPresent() && inList.get().length() == 64 && !inList.get().equals(etag)) {
            throw new PermanentFailure(listed.name() + ": expected the SHA-256 " + inList.get() + " of the list of files, found " + etag);
        }
        return ContentDigest.of(isSha256 ? etag : inList.orElse(etag)).orElseThrow(() -> new PermanentFailure(listed.name()
                + ": expected a digest as etag, so that the file can be checked, found \"" + etag + "\""));
    }

    private URI relocated(String name, String commit, String etag) throws IOException, InterruptedException {
        FileMetadata again = retries.run(() -> api.metadata(commit, name), meter::notice);
        if (!again.etag().equals(etag)) throw new PermanentFailure(name + ": expected the etag " + etag + ", found " + again.etag());
        return again.location();
    }

    private void fetchAll(List<PlannedFile> files, Destination destination) throws IOException, InterruptedException {
        Parallel.map(files, options.connections(), file -> {
            fetch(file, destination, 1);
            return file;
        });
    }

    private void fetch(PlannedFile file, Destination destination, int connections) throws IOException, InterruptedException {
        if (destination.has(file)) {
            meter.present(file.size());
            return;
        }
        boolean isFetched = destination.fetch(file, new FileFetcher(transport, retries, connections, chunkBytes, meter::notice, meter));
        if (!isFetched) meter.present(file.size());
    }

    /** The first look, before a byte is fetched, by sizes that a mirror may leave out. */
    private static void requireSpaceForLikely(Selection selection, Destination destination) throws IOException {
        long needed = 0;
        for (RepositoryListing.ListedFile file : selection.likely()) {
            long size = Math.max(0, file.size());
            needed = DiskSpace.sum(needed,
                    size - Math.min(size, destination.bytesHere(file.name(), file.digest().orElse("unknown"), size)));
        }
        DiskSpace.require(destination.folder(), needed);
    }

    private static void requireSpace(List<PlannedFile> files, Destination destination) throws IOException {
        long needed = 0;
        for (PlannedFile file : files) {
            needed = DiskSpace.sum(needed,
                    file.size() - Math.min(file.size(), destination.bytesHere(file.name(), file.etag(), file.size())));
        }
        DiskSpace.require(destination.folder(), needed);
    }

    private void finishCache(Selection selection, String commit) throws IOException {
        for (String name : OPTIONAL) {
            if (!selection.has(name)) cache.writeNoExist(commit, name);
        }
        cache.writeRef(reference.revision(), commit);
    }

    @Override
    public void close() {
        meter.close();
        transport.close();
    }
}
