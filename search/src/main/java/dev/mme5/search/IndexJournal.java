package dev.mme5.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * Vectors that an unfinished run has computed: {@code INDEX.partial}, a file that only grows. Whatever ends a run, the next one
 * begins with what is here. Each record has a checksum, so a half-written last one is seen and dropped. Its lock is also what
 * keeps two runs from building one index at the same time.
 *
 * <p>Header: {@code mme5jrnl}, the model's fingerprint in hexadecimal, dimensions (i32), 16 random bytes. Record: content key
 * (32 bytes), dimensions floats, CRC-32C of both. Little-endian.
 */
final class IndexJournal implements AutoCloseable {
    private static final byte[] MAGIC = "mme5jrnl".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 8 + 64 + 4 + 16;
    private static final int OWNER_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int POLL_MILLIS = 100;

    /**
     * Journals that are open in this process. A POSIX lock belongs to the process, and closing any descriptor of the file gives
     * it up: nobody here may as much as open a file that another thread has locked.
     */
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    /** The file that stands under the name, opened to compare; for the same reason it stays open as long as the lock is held. */
    private FileChannel named;

    private final int dimensions;
    private final Map<String, Integer> rows = new HashMap<>();

    /** All records of the file: more than there are rows when one content was written twice. */
    private int records;

    private IndexJournal(Path path, FileChannel channel, int dimensions) {
        this.path = path;
        this.channel = channel;
        this.dimensions = dimensions;
    }

    /**
     * Opens the journal of an index, waiting for another run that builds it.
     *
     * @param waiting called once if there is one
     * @throws IndexException when the place cannot be written
     */
    static IndexJournal open(Path index, String fingerprint, int dimensions, Runnable waiting) {
        Path file = index.resolveSibling(index.getFileName() + ".partial");
        boolean told = false;
        try {
            Path path = index.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
            while (true) {
                IndexJournal journal = tryOpen(path, fingerprint, dimensions);
                if (journal != null) return journal;
                if (!told) waiting.run();
                told = true;
                pause();
            }
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** The journal, or null when another run has it. */
    private static IndexJournal tryOpen(Path path, String fingerprint, int dimensions) throws IOException {
        if (!OPEN_HERE.add(path)) return null;
        IndexJournal journal = null;
        boolean complete = false;
        try {
            // A folder that came from elsewhere must not make us write through a link.
            if (Files.isSymbolicLink(path)) {
                throw new IndexException(path + ": is a link, expected a file; delete it, or name another index with --index");
            }
            FileChannel channel =
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
            journal = new IndexJournal(path, channel, dimensions);
            if (channel.tryLock() == null || !journal.isStillInPlace()) return null;
            journal.readOrReset(fingerprint);
            complete = true;
            return journal;
        } finally {
            if (!complete && journal == null) OPEN_HERE.remove(path);
            if (!complete && journal != null) journal.close();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IndexException("interrupted while waiting for another run that builds the index", e);
        }
    }

    static IndexException cannotWrite(Path file, IOException e) {
        String reason = switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such folder";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage();
        };
        return new IndexException(
                "%s: the index cannot be written (%s); name a place for it with --index FILE".formatted(file, reason), e);
    }

    /** The run that held the lock before us may have deleted the file, and a third may have made a new one. */
    private boolean isStillInPlace() throws IOException {
        ByteBuffer own = read(channel, HEADER_BYTES - OWNER_BYTES, OWNER_BYTES);
        try {
            named = FileChannel.open(path, StandardOpenOption.READ);
            return read(named, HEADER_BYTES - OWNER_BYTES, OWNER_BYTES).equals(own);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** As many of the bytes as there are. */
    private static ByteBuffer read(FileChannel from, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && from.read(bytes, at + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    private void readOrReset(String fingerprint) throws IOException {
        ByteBuffer expected = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        expected.put(MAGIC).put(fingerprint.getBytes(StandardCharsets.US_ASCII)).putInt(dimensions);
        int decisive = expected.position();
        ByteBuffer found = read(channel, 0, HEADER_BYTES);
        if (found.remaining() == HEADER_BYTES && found.slice(0, decisive).equals(expected.slice(0, decisive))) {
            readRecords();
        } else {
            requireJournal(found.slice(0, Math.min(MAGIC.length, found.remaining())));
            UUID owner = UUID.randomUUID();
            expected.putLong(owner.getMostSignificantBits()).putLong(owner.getLeastSignificantBits());
            channel.truncate(0);
            write(expected.flip(), 0);
        }
    }

    /**
     * Writing begins with the magic word, so a journal that was cut short is a part of it, or nothing but zeros if the system
     * went down; another file is not ours to empty.
     */
    private void requireJournal(ByteBuffer start) {
        int bytes = start.remaining();
        if (start.equals(ByteBuffer.wrap(MAGIC, 0, bytes)) || start.equals(ByteBuffer.allocate(bytes))) return;
        throw new IndexException(path + ": is not a journal of mme5; delete it, or name another index with --index");
    }

    private void readRecords() throws IOException {
        for (long at = HEADER_BYTES;; at += recordBytes()) {
            ByteBuffer record = read(channel, at, recordBytes());
            if (record.remaining() < recordBytes() || record.getInt(recordBytes() - Integer.BYTES) != checksum(record)) {
                channel.truncate(at);
                return;
            }
            byte[] key = new byte[KEY_BYTES];
            record.get(key);
            rows.put(HexFormat.of().formatHex(key), records++);
        }
    }

    private int recordBytes() {
        return KEY_BYTES + dimensions * Float.BYTES + Integer.BYTES;
    }

    private int checksum(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.slice(0, recordBytes() - Integer.BYTES));
        return (int) crc.getValue();
    }

    /** The row of a vector that is here, or null. */
    Integer row(String contentKey) {
        return rows.get(contentKey);
    }

    /** Adds a vector that is not here yet and returns its row. */
    int append(String contentKey, float[] vector) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        record.put(HexFormat.of().parseHex(contentKey));
        for (float value : vector) record.putFloat(value);
        record.putInt(checksum(record)).flip();
        int row = records;
        try {
            write(record, HEADER_BYTES + (long) row * recordBytes());
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
        rows.put(contentKey, row);
        records++;
        return row;
    }

    /** The bytes of a vector. */
    ByteBuffer vector(int row) throws IOException {
        return read(channel, HEADER_BYTES + (long) row * recordBytes() + KEY_BYTES, dimensions * Float.BYTES);
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) next += channel.write(bytes, next);
    }

    /** Deletes the file: all that is in it is in the index. */
    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // It stays and does no harm: the next run finds nothing in it that it needs.
        }
    }

    /** Gives the lock back; the vectors stay for the next run. */
    @Override
    public void close() {
        try {
            if (named != null) named.close();
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: every record was written when it was added.
        } finally {
            OPEN_HERE.remove(path); // last: see there
        }
    }
}
