package dev.mme5.search;

import dev.mme5.engine.InputException;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * A file as it was when its document was embedded. A file of the same name, size and time is taken to be the same without
 * being read; with another time, its content decides.
 *
 * @param name as the document names it
 * @param size in bytes
 * @param modified when it was last changed, in nanoseconds since 1970, or 0 when that says nothing
 * @param sha256 of its content
 */
public record FileStamp(String name, long size, long modified, String sha256) {
    /** Largest file that is read, as for any picture. */
    private static final int MAX_BYTES = 512 << 20;

    /** A file changed twice within this time may show one time for both contents: many systems count in seconds. */
    private static final long CLOCK_STEP = TimeUnit.SECONDS.toNanos(2);

    public FileStamp {
        if (size < 0) throw new IllegalArgumentException("size is " + size);
        if (modified < 0) throw new IllegalArgumentException("modified is " + modified);
        if (!Sha256.isHex(sha256)) throw new IllegalArgumentException("sha256 is not 64 hexadecimal digits");
    }

    /** A file's stamp together with the very bytes that it is about. */
    record Loaded(FileStamp stamp, byte[] bytes) {}

    /** Whether the file still has this size and time; nothing is read. */
    boolean stillDescribes(Path file) {
        if (modified == 0) return false;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() && attributes.size() == size && time(attributes) == modified;
        } catch (IOException e) {
            return false; // reading it will say what is wrong
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException when it cannot be read
     */
    static Loaded load(String name, Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) throw new InputException(name + ": is not a regular file");
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) throw new InputException(name + ": is larger than " + (MAX_BYTES >> 20) + " MB");
                long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
                long time = time(attributes);
                boolean settled = time > 0 && now - time > CLOCK_STEP;
                return new Loaded(new FileStamp(name, bytes.length, settled ? time : 0, Sha256.hex(bytes)), bytes);
            }
        } catch (NoSuchFileException e) {
            throw new InputException(name + ": does not exist", e);
        } catch (AccessDeniedException e) {
            throw new InputException(name + ": cannot be read: permission denied", e);
        } catch (IOException e) {
            throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static long time(BasicFileAttributes attributes) {
        return Math.max(0, attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }
}
