package dev.mme5.hub.destination;

import dev.mme5.hub.cache.CacheFolder;
import dev.mme5.hub.cache.OutputFolder;
import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.hub.transfer.ExclusiveLock;
import dev.mme5.hub.transfer.FileFetcher;
import dev.mme5.hub.transfer.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;

/** A plain folder. A file in it that no download wrote is not replaced without force. */
public final class FolderDestination implements Destination {
    private final OutputFolder output;
    private final CacheFolder cache;
    private final String commit;
    private final boolean isForced;
    private final Consumer<String> notices;

    /**
     * @param cache what it has need not be fetched
     */
    public FolderDestination(OutputFolder output, CacheFolder cache, String commit, boolean isForced, Consumer<String> notices) {
        this.output = output;
        this.cache = cache;
        this.commit = commit;
        this.isForced = isForced;
        this.notices = notices;
    }

    @Override
    public Path folder() {
        return output.folder();
    }

    @Override
    public void prepare() throws IOException {
        Path folder = output.folder();
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
            throw new PermanentFailure(folder + ": exists and is no folder");
        }
        requireNoLinksAbove(output.base("any", "etag"));
        output.prepare();
    }

    @Override
    public boolean has(PlannedFile file) throws IOException {
        requireNoLinks(file);
        if (isForced) return false;
        Path path = output.file(file.name());
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) return false;
        Optional<String> etag = output.etag(file.name());
        boolean hasSize = Files.isRegularFile(path) && Files.size(path) == file.size();
        if (hasSize && (etag.filter(file.etag()::equals).isPresent() || file.remote().digest().matches(path))) {
            output.writeEtag(file.name(), commit, file.etag());
            return true;
        }
        if (etag.isPresent()) return false;   // an earlier download's, of another revision
        throw new PermanentFailure(PermanentFailure.Problem.FILE_EXISTS, path + " exists and is another file than that of " + commit);
    }

    @Override
    public long bytesHere(String name, String etag, long size) throws IOException {
        Path path = output.file(name);
        boolean isHere = !isForced && Files.isRegularFile(path) && Files.size(path) == size;
        return isHere ? size : PartialFile.bytesPresent(output.base(name, etag));
    }

    @Override
    public boolean fetch(PlannedFile file, FileFetcher fetcher) throws IOException, InterruptedException {
        requireNoLinks(file);   // before the lock file is made
        Runnable waiting = () -> notices.accept(file.name() + ": another download fetches it; waiting");
        try (ExclusiveLock _ = ExclusiveLock.acquire(output.lock(file.name()), waiting)) {
            if (has(file)) return false;
            Path path = output.file(file.name());
            Files.createDirectories(path.toAbsolutePath().getParent());
            if (isForced || !copiedFromCache(file, path)) {
                fetcher.fetch(file.remote(), output.base(file.name(), file.etag()), path);
            }
            output.writeEtag(file.name(), commit, file.etag());
            return true;
        }
    }

    private void requireNoLinks(PlannedFile file) throws PermanentFailure {
        requireNoLinksAbove(output.file(file.name()));
        requireNoLinksAbove(output.base(file.name(), file.etag()));
    }

    /** The folder may have come from a stranger: nothing is written through a link in it. */
    private void requireNoLinksAbove(Path path) throws PermanentFailure {
        for (Path part = path.getParent(); part != null && !part.equals(output.folder()); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) throw new PermanentFailure(part + ": expected a folder, found a link; remove it");
        }
    }

    private boolean copiedFromCache(PlannedFile file, Path path) throws IOException {
        if (!cache.hasBlob(file.etag(), file.size())) return false;
        Path copy = output.base(file.name(), file.etag() + ".copy.incomplete");
        Files.createDirectories(copy.getParent());
        try {
            Files.copy(cache.blob(file.etag()), copy, StandardCopyOption.REPLACE_EXISTING);
            if (!file.remote().digest().matches(copy)) return false;
            Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } finally {
            Files.deleteIfExists(copy);
        }
    }
}
