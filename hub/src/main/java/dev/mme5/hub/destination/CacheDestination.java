package dev.mme5.hub.destination;

import dev.mme5.hub.cache.CacheFolder;
import dev.mme5.hub.transfer.ExclusiveLock;
import dev.mme5.hub.transfer.FileFetcher;
import dev.mme5.hub.transfer.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A snapshot of the shared cache. */
public final class CacheDestination implements Destination {
    private final CacheFolder cache;
    private final String commit;
    private final boolean isForced;
    private final Consumer<String> notices;

    public CacheDestination(CacheFolder cache, String commit, boolean isForced, Consumer<String> notices) {
        this.cache = cache;
        this.commit = commit;
        this.isForced = isForced;
        this.notices = notices;
    }

    @Override
    public Path folder() {
        return cache.snapshot(commit);
    }

    @Override
    public void prepare() throws IOException {
        cache.prepare(commit);
    }

    @Override
    public boolean has(PlannedFile file) throws IOException {
        return !isForced && cache.has(commit, file.name(), file.size());   // without the lock: it only looks
    }

    private boolean hasNow(PlannedFile file) throws IOException {
        if (cache.has(commit, file.name(), file.size())) return true;
        if (!cache.hasBlob(file.etag(), file.size())) return false;
        cache.link(commit, file.name(), file.etag(), false);
        return true;
    }

    @Override
    public long bytesHere(String name, String etag, long size) throws IOException {
        boolean isHere = !isForced && (cache.has(commit, name, size) || cache.hasBlob(etag, size));
        return isHere ? size : PartialFile.bytesPresent(cache.blob(etag));
    }

    @Override
    public boolean fetch(PlannedFile file, FileFetcher fetcher) throws IOException, InterruptedException {
        Runnable waiting = () -> notices.accept(file.name() + ": another download fetches it; waiting");
        try (ExclusiveLock _ = ExclusiveLock.acquire(cache.lock(file.etag()), waiting)) {
            if (!isForced && hasNow(file)) return false;
            Path blob = cache.blob(file.etag());
            boolean isNew = !Files.exists(blob, LinkOption.NOFOLLOW_LINKS);   // else other snapshots may lead to it
            fetcher.fetch(file.remote(), blob, blob);
            cache.link(commit, file.name(), file.etag(), isNew);
            return true;
        }
    }
}
