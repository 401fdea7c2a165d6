package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RegularFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;

/**
 * A file as it was when it was mapped, so that a later look tells whether it was written to since. A mapping shows what is
 * written to its file; one that was replaced by a rename, or deleted, lives on in it unchanged.
 *
 * @param file as the user would find it
 * @param target the same without links
 * @param mapped the whole file
 * @param key what tells the file from another one of the same name; null where the platform has none
 */
record MappedFile(Path file, Path target, MemorySegment mapped, FileTime modified, Object key) {
    private static final int PIECE_BYTES = 1 << 20;

    /** @throws ModelFormatException when the file is not the one whose size and header were read */
    static MappedFile of(Path file, Path target, MemorySegment mapped) throws IOException {
        BasicFileAttributes now = Files.readAttributes(target, BasicFileAttributes.class);
        if (now.size() != mapped.byteSize()) throw changed(file, "expected " + mapped.byteSize() + " bytes, found " + now.size());
        return new MappedFile(file, target, mapped, now.lastModifiedTime(), now.fileKey());
    }

    /** @throws ModelFormatException when what is mapped may have changed */
    void check() {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(target, BasicFileAttributes.class);
        } catch (NoSuchFileException deleted) {
            return;
        } catch (IOException e) {
            throw RegularFile.unreadable(file, e);
        }
        if (!Objects.equals(key, now.fileKey())) return;
        if (now.size() != mapped.byteSize()) throw changed(file, "expected " + mapped.byteSize() + " bytes, found " + now.size());
        if (!now.lastModifiedTime().equals(modified)) {
            throw changed(file, "expected nothing written since " + modified + ", found " + now.lastModifiedTime());
        }
    }

    /**
     * Compares what is mapped with the SHA-256 that was recorded for the file.
     *
     * @param progress told how many bytes of this file are done
     * @throws ModelFormatException when they differ, or nothing was recorded
     * @throws CancellationException when the thread is interrupted
     */
    void verify(LongConsumer progress) {
        RecordedDigests.Sum recorded = RecordedDigests.of(file, target);
        MessageDigest sha = sha256();
        byte[] piece = new byte[PIECE_BYTES];
        for (long at = 0; at < mapped.byteSize(); at += PIECE_BYTES) {
            if (Thread.currentThread().isInterrupted()) throw new CancellationException("interrupted");
            int count = (int) Math.min(PIECE_BYTES, mapped.byteSize() - at);
            MemorySegment.copy(mapped, ValueLayout.JAVA_BYTE, at, piece, 0, count);
            sha.update(piece, 0, count);
            progress.accept(at + count);
        }
        String found = HexFormat.of().formatHex(sha.digest());
        if (!found.equals(recorded.digits())) {
            throw new ModelFormatException(file.toString(), "",
                    "expected SHA-256 " + recorded.digits() + " (" + recorded.source() + "), found " + found);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java has it
        }
    }

    private static ModelFormatException changed(Path file, String how) {
        return new ModelFormatException(file.toString(), "", "was changed while it was in use: " + how);
    }
}
