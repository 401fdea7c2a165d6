package dev.mme5.search.index;

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
 * The state of a file when its document was embedded. A file with the same name, size and time counts as unchanged and is not
 * read. If the time differs, the content decides.
 *
 * @param name its name in the document
 * @param size in bytes
 * @param modified last modification in nanoseconds since 1970, or 0 if the time cannot be trusted
 * @param sha256 SHA-256 of the content, in hexadecimal
 */
public record FileStamp(String name, long size, long modified, String sha256) {
    /** The engine's limit for an image file. */
    private static final int MAX_BYTES = 512 << 20;

    /** Because many file systems count seconds, two changes within this time may leave the same time. */
    private static final long CLOCK_STEP = TimeUnit.SECONDS.toNanos(2);

    public FileStamp {
        if (size < 0) throw new IllegalArgumentException("size is " + size);
        if (modified < 0) throw new IllegalArgumentException("modified is " + modified);
        if (!Sha256.isHex(sha256)) throw new IllegalArgumentException("sha256 is not 64 hexadecimal digits");
    }

    /** A file's bytes and their stamp. */
    public record Loaded(FileStamp stamp, byte[] bytes) {}

    /** Whether the file still has this size and time. Its content is not read. */
    public boolean stillDescribes(Path file) {
        if (modified == 0) return false;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() && attributes.size() == size && time(attributes) == modified;
        } catch (IOException e) {
            return false; // reading it reports the reason
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException if it cannot be read
     */
    public static Loaded load(String name, Path file) {
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
