package dev.mme5.weights;

import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * A file as it was when it was mapped, so that a later look tells whether it was written to since. A mapping shows what is
 * written to its file; one that was replaced by a rename, or deleted, lives on in it unchanged.
 *
 * @param file as the user would find it
 * @param target the same without links
 * @param key what tells the file from another one of the same name; null where the platform has none
 */
record OpenedFile(Path file, Path target, long bytes, FileTime modified, Object key) {
    /** @throws ModelFormatException when the file is not the one whose size and header were read */
    static OpenedFile of(Path file, Path target, long bytes) throws IOException {
        BasicFileAttributes now = Files.readAttributes(target, BasicFileAttributes.class);
        if (now.size() != bytes) throw changed(file, "expected " + bytes + " bytes, found " + now.size());
        return new OpenedFile(file, target, bytes, now.lastModifiedTime(), now.fileKey());
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
        if (now.size() != bytes) throw changed(file, "expected " + bytes + " bytes, found " + now.size());
        if (!now.lastModifiedTime().equals(modified)) {
            throw changed(file, "expected nothing written since " + modified + ", found " + now.lastModifiedTime());
        }
    }

    private static ModelFormatException changed(Path file, String how) {
        return new ModelFormatException(file.toString(), "", "was changed while it was in use: " + how);
    }
}
