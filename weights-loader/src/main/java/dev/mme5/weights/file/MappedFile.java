package dev.mme5.weights.file;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/**
 * The state of a file when it was mapped, so that later writes can be detected. Writes to a file change its mapping; deleting the
 * file, or replacing it by a rename, does not.
 *
 * @param file the file as the user would find it
 * @param target the file without symbolic links
 * @param mapped the whole file
 * @param modified its modification time
 * @param key identifies the file among others of the same name; null if the platform has no such key
 */
public record MappedFile(Path file, Path target, MemorySegment mapped, FileTime modified, Object key) {
    private static final int PIECE_BYTES = 1 << 20;

    /**
     * Records the state of a file that was just mapped.
     *
     * @param file the file as the user would find it
     * @param target the file without symbolic links
     * @throws ModelFormatException if the file changed since its size and header were read
     * @throws IOException if its attributes cannot be read
     */
    public static MappedFile of(Path file, Path target, MemorySegment mapped) throws IOException {
        BasicFileAttributes now = Files.readAttributes(target, BasicFileAttributes.class);
        if (now.size() != mapped.byteSize()) throw changed(file, "expected " + mapped.byteSize() + " bytes, found " + now.size());
        return new MappedFile(file, target, mapped, now.lastModifiedTime(), now.fileKey());
    }

    /**
     * Checks that the file was not written to since it was mapped.
     *
     * @throws ModelFormatException if the mapped bytes may have changed
     */
    public void check() {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(target, BasicFileAttributes.class);
        } catch (NoSuchFileException deleted) {
            return;
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
        if (!Objects.equals(key, now.fileKey())) return;
        if (now.size() != mapped.byteSize()) throw changed(file, "expected " + mapped.byteSize() + " bytes, found " + now.size());
        if (!now.lastModifiedTime().equals(modified)) {
            throw changed(file, "expected nothing written since " + modified + ", found " + now.lastModifiedTime());
        }
    }

    /**
     * Compares the mapped bytes with the SHA-256 recorded for the file.
     *
     * @param progress called with the number of bytes hashed so far
     * @throws ModelFormatException if they differ, or nothing is recorded
     * @throws CancellationException if the thread is interrupted
     */
    public void verify(LongConsumer progress) {
        RecordedDigests.Digest recorded = RecordedDigests.of(file, target);
        Sha256 sha = new Sha256();
        byte[] piece = new byte[PIECE_BYTES];
        for (long offset = 0; offset < mapped.byteSize(); offset += PIECE_BYTES) {
            if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
            int count = (int) Math.min(PIECE_BYTES, mapped.byteSize() - offset);
            MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, offset, piece, 0, count);
            sha.update(piece, 0, count);
            progress.accept(offset + count);
        }
        String found = sha.hex();
        if (!found.equals(recorded.hex())) {
            throw new ModelFormatException(file.toString(), "",
                    "expected SHA-256 " + recorded.hex() + " (" + recorded.source() + "), found " + found);
        }
    }

    private static ModelFormatException changed(Path file, String how) {
        return new ModelFormatException(file.toString(), "", "was changed while it was in use: " + how);
    }
}
