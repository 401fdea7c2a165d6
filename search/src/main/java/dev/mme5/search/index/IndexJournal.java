package dev.mme5.search.index;

import dev.mme5.search.index.IndexFileException.Problem;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * The vectors of an unfinished run: {@code INDEX.partial}, a file that only grows. However a run ends, the next one continues
 * from here. Because each record has a checksum, a half-written last record is recognised and dropped. The file's lock keeps
 * two runs from building the same index at the same time.
 *
 * <p>Header: {@code mme5jrnl}, a version byte, the model's fingerprint in hexadecimal, dimensions (i32), 16 random bytes. Record: content
 * key (32 bytes), dimensions floats, a byte that is 1 if the text was cut off, CRC-32C of all that. Little-endian. A journal of another
 * version or model is emptied.
 */
public final class IndexJournal implements AutoCloseable {
    private static final byte[] MAGIC = "mme5jrnl".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = 2;
    private static final int HEADER_BYTES = 8 + 1 + 64 + 4 + 16;
    private static final int OWNER_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int POLL_MILLIS = 100;

    /**
     * Journals that are open in this process. Because a POSIX lock belongs to the process and ends when any descriptor of the
     * file is closed, a file that another thread has locked must not even be opened.
     */
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    /** The file that now has the name, opened to compare. It stays open as long as the lock is held, for the same reason. */
    private FileChannel named;

    private final int dimensions;
    private final Map<String, Integer> rows = new HashMap<>();

    /** Rows of texts that were cut off. */
    private final Set<Integer> truncated = new HashSet<>();

    /** Number of records, larger than the number of rows if a content was written twice. */
    private int records;

    /** Whether the file under the name was this journal when it was opened, and this journal has not deleted it. */
    private boolean isInPlace;

    /** Identifies the file as long as it is open, or null where the system identifies none. */
    private Object fileKey;

    private IndexJournal(Path path, FileChannel channel, int dimensions) {
        this.path = path;
        this.channel = channel;
        this.dimensions = dimensions;
    }

    /**
     * Opens the journal of an index. Waits while another run builds the index.
     *
     * @param waiting called once before waiting
     * @throws IndexFileException if the journal cannot be written, or the file is no journal
     */
    public static IndexJournal open(Path index, String fingerprint, int dimensions, Runnable waiting) {
        Path file = index.resolveSibling(index.getFileName() + ".partial");
        boolean reported = false;
        try {
            Path path = index.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
            while (true) {
                IndexJournal journal = tryOpen(path, fingerprint, dimensions);
                if (journal != null) return journal;
                if (!reported) waiting.run();
                reported = true;
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
            // In a folder from an untrusted source, a link could lead the writing to any file.
            if (Files.isSymbolicLink(path)) {
                throw new IndexFileException(Problem.NOT_OURS, path + ": is a link, expected a file", null);
            }
            FileChannel channel =
                    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS);
            journal = new IndexJournal(path, channel, dimensions);
            if (channel.tryLock() == null || !journal.isStillInPlace()) return null;
            journal.fileKey = fileKey(path);
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
            throw new IndexFileException(Problem.INTERRUPTED, "interrupted while waiting for another run that builds the index", e);
        }
    }

    /** The exception for an index that the system refuses to write. */
    public static IndexFileException cannotWrite(Path file, IOException e) {
        String reason = switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such folder";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> e.getMessage();
        };
        return new IndexFileException(Problem.NOT_WRITABLE, "%s: the index cannot be written (%s)".formatted(file, reason), e);
    }

    /** The previous owner of the lock may have deleted the file, and a third run may have created a new one. */
    private boolean isStillInPlace() throws IOException {
        ByteBuffer own = read(channel, HEADER_BYTES - OWNER_BYTES, OWNER_BYTES);
        try {
            named = FileChannel.open(path, StandardOpenOption.READ);
            return read(named, HEADER_BYTES - OWNER_BYTES, OWNER_BYTES).equals(own);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** Reads up to {@code count} bytes, fewer only at the end of the file. */
    private static ByteBuffer read(FileChannel channel, long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
        return bytes.flip();
    }

    private void readOrReset(String fingerprint) throws IOException {
        ByteBuffer expected = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        expected.put(MAGIC).put(VERSION).put(fingerprint.getBytes(StandardCharsets.US_ASCII)).putInt(dimensions);
        int decisive = expected.position();
        ByteBuffer found = read(channel, 0, HEADER_BYTES);
        if (found.remaining() == HEADER_BYTES && found.slice(0, decisive).equals(expected.slice(0, decisive))) {
            isInPlace = true;
            readRecords();
        } else {
            requireJournal(found.slice(0, Math.min(MAGIC.length, found.remaining())));
            isInPlace = true;
            UUID owner = UUID.randomUUID();
            expected.putLong(owner.getMostSignificantBits()).putLong(owner.getLeastSignificantBits());
            channel.truncate(0);
            write(expected.flip(), 0);
        }
    }

    /**
     * Refuses to empty a file that is no journal. Because writing begins with the magic word, a truncated journal is a prefix of
     * it, or zeros after a crash of the system.
     */
    private void requireJournal(ByteBuffer start) {
        int bytes = start.remaining();
        if (start.equals(ByteBuffer.wrap(MAGIC, 0, bytes)) || start.equals(ByteBuffer.allocate(bytes))) return;
        throw new IndexFileException(Problem.NOT_OURS, path + ": is not a journal of mme5", null);
    }

    private void readRecords() throws IOException {
        for (long offset = HEADER_BYTES;; offset += recordBytes()) {
            ByteBuffer record = read(channel, offset, recordBytes());
            if (record.remaining() < recordBytes() || record.getInt(recordBytes() - Integer.BYTES) != checksum(record)) {
                channel.truncate(offset);
                return;
            }
            byte[] key = new byte[KEY_BYTES];
            record.get(key);
            if (record.get(recordBytes() - Integer.BYTES - 1) != 0) truncated.add(records);
            rows.put(HexFormat.of().formatHex(key), records++);
        }
    }

    private int recordBytes() {
        return KEY_BYTES + dimensions * Float.BYTES + 1 + Integer.BYTES;
    }

    private int checksum(ByteBuffer record) {
        CRC32C crc = new CRC32C();
        crc.update(record.slice(0, recordBytes() - Integer.BYTES));
        return (int) crc.getValue();
    }

    /** The row of a vector, or null if the journal has none for the key. */
    public Integer row(String contentKey) {
        return rows.get(contentKey);
    }

    /** Whether the text of a row was cut off. */
    public boolean truncated(int row) {
        return truncated.contains(row);
    }

    /** Appends a vector and returns its row. */
    public int append(String contentKey, float[] vector, boolean isTruncated) {
        ByteBuffer record = ByteBuffer.allocate(recordBytes()).order(ByteOrder.LITTLE_ENDIAN);
        record.put(HexFormat.of().parseHex(contentKey));
        for (float value : vector) record.putFloat(value);
        record.put((byte) (isTruncated ? 1 : 0));
        record.putInt(checksum(record)).flip();
        int row = records;
        try {
            write(record, HEADER_BYTES + (long) row * recordBytes());
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
        rows.put(contentKey, row);
        if (isTruncated) truncated.add(row);
        records++;
        return row;
    }

    /** The bytes of a vector. */
    public ByteBuffer vector(int row) throws IOException {
        return read(channel, HEADER_BYTES + (long) row * recordBytes() + KEY_BYTES, dimensions * Float.BYTES);
    }

    private void write(ByteBuffer bytes, long offset) throws IOException {
        long next = offset;
        while (bytes.hasRemaining()) next += channel.write(bytes, next);
    }

    /**
     * Deletes the file when its vectors are in the index. If somebody deleted it and another run has a file of that name now, that file
     * stays.
     */
    public void delete() {
        isInPlace = false;
        try {
            if (Objects.equals(fileKey(path), fileKey)) Files.deleteIfExists(path);
        } catch (IOException e) {
            // A leftover file does no harm: the next run needs nothing from it.
        }
    }

    /** Releases the lock. The vectors stay for the next run; a journal without any is deleted. */
    @Override
    public void close() {
        if (isInPlace && records == 0) delete();
        try {
            if (named != null) named.close();
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: each record was written when it was appended.
        } finally {
            OPEN_HERE.remove(path); // last, see OPEN_HERE
        }
    }
}
