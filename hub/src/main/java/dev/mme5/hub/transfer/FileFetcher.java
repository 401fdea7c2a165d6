package dev.mme5.hub.transfer;

import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.hub.net.RetryPolicy;
import dev.mme5.hub.net.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * Fetches files, each by several connections, and hashes them while they come. A file gets its name only when its digest is
 * right; one that is wrong is fetched once more, from its first byte.
 */
public final class FileFetcher {
    /** Large enough that a request's round trip does not count, small enough that hashing stays close to what comes. */
    public static final long CHUNK_BYTES = 32L << 20;

    private final Transport transport;
    private final RetryPolicy retries;
    private final int connections;
    private final long chunkBytes;
    private final Consumer<String> notices;
    private final ByteMeter meter;

    /**
     * @param connections for one file
     * @param notices gets a line about every repetition
     */
    public FileFetcher(Transport transport, RetryPolicy retries, int connections, long chunkBytes, Consumer<String> notices,
            ByteMeter meter) {
        this.transport = transport;
        this.retries = retries;
        this.connections = connections;
        this.chunkBytes = chunkBytes;
        this.notices = notices;
        this.meter = meter;
    }

    /**
     * Fetches a file, or the rest of it. The caller holds the lock of the base.
     *
     * @param base names the partial file
     * @param target the complete file's path, on the same file system; what is there is replaced
     */
    public void fetch(RemoteFile file, Path base, Path target) throws IOException, InterruptedException {
        try (PartialFile partial = PartialFile.open(base, file.size(), chunkBytes)) {
            meter.present(partial.present());
            String first = fetchAndHash(file, partial);
            if (!first.equals(file.digest().hex())) {
                meter.present(-partial.present());
                partial.restart();
                notices.accept(mismatch(file, first) + "; fetching it once more");
                String second = fetchAndHash(file, partial);
                if (!second.equals(file.digest().hex())) {
                    partial.delete();
                    throw new PermanentFailure(mismatch(file, second) + ", twice");
                }
            }
            partial.moveTo(target);
        }
    }

    private static String mismatch(RemoteFile file, String found) {
        return file.name() + ": expected the digest " + file.digest().hex() + ", found " + found;
    }

    /** The digest of the complete file. */
    private String fetchAndHash(RemoteFile file, PartialFile partial) throws IOException, InterruptedException {
        MessageDigest digest = file.digest().start(file.size());
        ContentDigest.Follower follower = new ContentDigest.Follower(partial.channel(), digest);
        try (EarlyFlush flush = new EarlyFlush(partial.channel());
                ChunkWorkers workers = new ChunkWorkers(transport, retries, file, partial, notices, meter)) {
            workers.start(connections);
            while (follower.done() < file.size()) {
                follower.advance(workers.awaitPrefix(follower.done()));
                flush.reached(follower.done());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
