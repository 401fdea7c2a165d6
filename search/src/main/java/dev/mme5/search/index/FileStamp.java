package dev.mme5.search.index;

import dev.mme5.engine.InputException;
import dev.mme5.engine.InputException.Reason;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The state of a file when its document was embedded. A file with the same name, size and times counts as unchanged and is not
 * read. If a time differs, the content decides.
 *
 * @param name its name in the document
 * @param size in bytes
 * @param modified last modification in nanoseconds since 1970, or 0 if the times cannot be trusted
 * @param changed last change of its content or attributes in nanoseconds since 1970, or 0 if the system does not tell it
 * @param sha256 SHA-256 of the content, in hexadecimal
 */
public record FileStamp(String name, long size, long modified, long changed, String sha256) {
    /** The engine's limit for an image file. */
    private static final int MAX_BYTES = 512 << 20;

    public FileStamp {
        if (size < 0) throw new IllegalArgumentException("size is " + size);
        if (modified < 0) throw new IllegalArgumentException("modified is " + modified);
        if (changed < 0) throw new IllegalArgumentException("changed is " + changed);
        if (!Sha256.isHex(sha256)) throw new IllegalArgumentException("sha256 is not 64 hexadecimal digits");
    }

    /** A file's bytes and their stamp. */
    public record Loaded(FileStamp stamp, byte[] bytes) {}

    /** Whether the file still has this size and these times. Its content is not read. */
    public boolean stillDescribes(Path file) {
        if (modified == 0) return false;
        try {
            FileState now = FileState.of(file);
            return now.isRegular() && now.size() == size && now.modified() == modified && now.changed() == changed;
        } catch (IOException e) {
            return false; // reading it reports the reason
        }
    }

    /** Whether the file still has this size and content, which is read, a piece at a time. */
    public boolean stillHasContent(Path file) {
        try {
            FileState now = FileState.of(file);
            return now.isRegular() && now.size() == size && Sha256.hex(file, bytes -> {}).equals(sha256);
        } catch (IOException e) {
            return false; // reading it again reports the reason
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException if it is no regular file or too large
     * @throws IOException if the system refuses
     */
    public static Loaded load(String name, Path file) throws IOException {
        long start = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()); // later changes may have the same times
        FileState state = FileState.of(file);
        if (!state.isRegular()) throw new InputException(Reason.UNREADABLE, name + ": is not a regular file");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES)
                throw new InputException(Reason.TOO_LARGE, name + ": is larger than " + (MAX_BYTES >> 20) + " MB");
            boolean settled = state.isSettled(start);
            FileStamp stamp = new FileStamp(
                    name, bytes.length, settled ? state.modified() : 0, settled ? state.changed() : 0, Sha256.hex(bytes));
            return new Loaded(stamp, bytes);
        }
    }
}
