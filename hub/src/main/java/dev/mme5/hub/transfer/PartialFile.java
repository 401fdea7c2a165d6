package dev.mme5.hub.transfer;

import dev.mme5.hub.net.LocalFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A file that is still coming, and beside it a record of how much of each chunk has come. Bytes are written before the record
 * counts them, so a process that is killed at any moment leaves a record that says no more than what is there; after a power
 * cut it may say more, and the digest of the whole finds that.
 *
 * <p>The record: 8 bytes {@code mme5part}, size, chunk size, then the bytes of each chunk, all as big-endian longs. One process
 * at a time has a partial file open: {@link ExclusiveLock}.
 */
public final class PartialFile implements AutoCloseable {
    /** Python's client clears away unfinished files of this suffix, and never continues one with this name. */
    public static final String SUFFIX = ".mme5.incomplete";

    private static final String RECORD_SUFFIX = ".mme5.chunks.incomplete";
    private static final long MAGIC = 0x6d6d65_3570617274L;
    private static final int HEADER_BYTES = 24;
    private static final int MAX_RECORD_BYTES = 1 << 20;

    /** Not through a link: the folder may have come from a stranger. */
    private static final Set<OpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Path data;
    private final Path record;
    private final long size;
    private final long chunkSize;
    private final AtomicLongArray done;
    private final FileChannel dataChannel;
    private final FileChannel recordChannel;

    private PartialFile(Path data, Path record, long size, long chunkSize) throws IOException {
        this.data = data;
        this.record = record;
        this.size = size;
        this.chunkSize = chunkSize;
        this.done = new AtomicLongArray(Math.toIntExact(Math.max(1, Math.ceilDiv(size, chunkSize))));
        this.dataChannel = FileChannel.open(data, OPTIONS);
        try {
            this.recordChannel = FileChannel.open(record, OPTIONS);
        } catch (IOException e) {
            dataChannel.close();
            throw e;
        }
    }

    /**
     * Opens what an earlier process left, or begins.
     *
     * @param base the path that the name of a partial file is made from
     */
    public static PartialFile open(Path base, long size, long chunkSize) throws LocalFailure {
        Path data = base.resolveSibling(base.getFileName() + SUFFIX);
        try {
            Files.createDirectories(data.getParent());
            PartialFile partial = new PartialFile(data, base.resolveSibling(base.getFileName() + RECORD_SUFFIX), size, chunkSize);
            try {
                if (!partial.readRecord()) partial.restart();
                return partial;
            } catch (IOException e) {
                partial.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed(data, e);
        }
    }

    /** Bytes that have come of an unfinished file, by its record. */
    public static long bytesPresent(Path base) {
        return recordedBytes(base.resolveSibling(base.getFileName() + RECORD_SUFFIX));
    }

    /** The same of all unfinished files in a folder. */
    public static long bytesPresentIn(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().endsWith(RECORD_SUFFIX)).mapToLong(PartialFile::recordedBytes)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long recordedBytes(Path record) {
        try (FileChannel channel = FileChannel.open(record, StandardOpenOption.READ)) {
            ByteBuffer longs = ByteBuffer.allocate((int) Math.min(channel.size(), MAX_RECORD_BYTES));
            while (longs.hasRemaining() && channel.read(longs) >= 0) {}
            longs.flip();
            if (longs.remaining() < HEADER_BYTES || longs.getLong() != MAGIC) return 0;
            longs.position(HEADER_BYTES);
            long sum = 0;
            while (longs.remaining() >= Long.BYTES) sum += Math.max(0, longs.getLong());
            return sum;
        } catch (IOException e) {
            return 0;
        }
    }

    private boolean readRecord() throws IOException {
        ByteBuffer longs = ByteBuffer.allocate(HEADER_BYTES + done.length() * Long.BYTES);
        if (recordChannel.size() != longs.capacity()) return false;
        long position = 0;
        while (longs.hasRemaining()) {
            int count = recordChannel.read(longs, position);
            if (count < 0) return false;
            position += count;
        }
        longs.flip();
        if (longs.getLong() != MAGIC || longs.getLong() != size || longs.getLong() != chunkSize) return false;
        long length = dataChannel.size();
        if (length > size) return false;
        for (int i = 0; i < done.length(); i++) {
            long bytes = longs.getLong();
            if (bytes < 0 || bytes > chunkBytes(i) || bytes > 0 && chunkStart(i) + bytes > length) return false;
            done.set(i, bytes);
        }
        return true;
    }

    /** Forgets all that has come. */
    void restart() throws LocalFailure {
        try {
            recordChannel.truncate(0);
            dataChannel.truncate(0);
            ByteBuffer longs = ByteBuffer.allocate(HEADER_BYTES + done.length() * Long.BYTES);
            longs.putLong(MAGIC).putLong(size).putLong(chunkSize);
            for (int i = 0; i < done.length(); i++) done.set(i, 0);
            longs.rewind();
            while (longs.hasRemaining()) recordChannel.write(longs, longs.position());
        } catch (IOException e) {
            throw failed(data, e);
        }
    }

    long size() {
        return size;
    }

    int chunks() {
        return done.length();
    }

    long chunkStart(int chunk) {
        return chunk * chunkSize;
    }

    long chunkBytes(int chunk) {
        return Math.min(chunkSize, size - chunkStart(chunk));
    }

    /** Bytes of the chunk that have come; they are its first ones. */
    long done(int chunk) {
        return done.get(chunk);
    }

    boolean isComplete(int chunk) {
        return done(chunk) == chunkBytes(chunk);
    }

    /** Bytes of the file that have come. */
    public long present() {
        long sum = 0;
        for (int i = 0; i < chunks(); i++) sum += done(i);
        return sum;
    }

    /** One past the last byte before which all have come, looking from the chunk on. */
    long prefix(int fromChunk) {
        int chunk = fromChunk;
        while (chunk < chunks() - 1 && isComplete(chunk)) chunk++;
        return chunkStart(chunk) + done(chunk);
    }

    int chunkOf(long offset) {
        return (int) Math.min(chunks() - 1L, offset / chunkSize);
    }

    FileChannel channel() {
        return dataChannel;
    }

    /** Appends to a chunk, then counts it. */
    void append(int chunk, ByteBuffer bytes) throws LocalFailure {
        long already = done(chunk);
        int count = bytes.remaining();
        if (count > chunkBytes(chunk) - already) throw new IllegalStateException("chunk " + chunk + " would overflow");
        try {
            long offset = chunkStart(chunk) + already;
            while (bytes.hasRemaining()) offset += dataChannel.write(bytes, offset);
            ByteBuffer counted = ByteBuffer.allocate(Long.BYTES).putLong(0, already + count);
            long position = HEADER_BYTES + (long) chunk * Long.BYTES;
            while (counted.hasRemaining()) position += recordChannel.write(counted, position);
        } catch (IOException e) {
            throw failed(data, e);
        }
        done.set(chunk, already + count);
    }

    /** Puts the complete file in its place, once it is on the disk itself, and removes the record. */
    void moveTo(Path target) throws LocalFailure {
        try {
            dataChannel.force(true);
            close();
            Files.createDirectories(target.getParent());
            Files.move(data, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(record);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Removes the file and its record. */
    void delete() throws LocalFailure {
        try {
            close();
            Files.deleteIfExists(record);
            Files.deleteIfExists(data);
        } catch (IOException e) {
            throw failed(data, e);
        }
    }

    private static LocalFailure failed(Path file, IOException cause) {
        return new LocalFailure(file + " cannot be written: " + LocalFailure.describe(cause), cause);
    }

    @Override
    public void close() throws LocalFailure {
        try (dataChannel; recordChannel) {
            // closes both
        } catch (IOException e) {
            throw failed(data, e);
        }
    }
}
