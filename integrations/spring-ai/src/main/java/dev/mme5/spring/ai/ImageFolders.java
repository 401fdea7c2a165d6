package dev.mme5.spring.ai;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folders below which documents may name image files. Because a document's metadata can come from anywhere, no other file is read,
 * also not by a symbolic link.
 */
final class ImageFolders {
    private static final String FILE_SCHEME = "file:";

    private final List<Path> folders;

    ImageFolders(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /**
     * The file that a name stands for.
     *
     * @param name a path, or a file: URI
     * @throws IllegalArgumentException when it is not a file below one of the folders; the message says why
     */
    Path resolve(String name) {
        if (folders.isEmpty()) throw new IllegalArgumentException("names the image " + name + ", but no image folder is allowed");
        Path path = parse(name);
        for (Path folder : folders) {
            Path file = folder.resolve(path);
            if (Files.isRegularFile(file)) return requireBelowAny(file, name);
        }
        throw new IllegalArgumentException("there is no image " + name + " in " + folders);
    }

    private static Path parse(String name) {
        try {
            return isFileUri(name) ? Path.of(URI.create(name)) : Path.of(name);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("expected the path of an image file, found " + name, e);
        }
    }

    static boolean isFileUri(String name) {
        return name.regionMatches(true, 0, FILE_SCHEME, 0, FILE_SCHEME.length());
    }

    private Path requireBelowAny(Path file, String name) {
        try {
            Path real = file.toRealPath();
            for (Path folder : folders) {
                if (real.startsWith(folder.toRealPath())) return real;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the image " + name + " cannot be read: " + e, e);
        }
        throw new IllegalArgumentException("the image " + name + " is not below an allowed folder, which are " + folders);
    }
}
