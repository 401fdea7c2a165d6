package dev.mme5.model.mini;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that appears complete or not at all. Writers do not wait for each other: each fills a folder of its own, and the first to
 * rename it wins. A damaged folder is moved aside first, so that a process that has mapped its files keeps them.
 *
 * @param path where it is to be
 * @param files what it must hold
 */
record UnpackedFolder(Path path, List<PackedFile> files) {
    private static final int TRIES = 3;

    /** Writes all files into an empty folder. */
    interface Filler {
        void fill(Path folder) throws IOException;
    }

    boolean isIntact() throws IOException {
        for (PackedFile file : files) {
            if (!file.isIntact(path)) return false;
        }
        return true;
    }

    void unpack(Filler filler) throws IOException {
        Path parent = path.getParent();
        Files.createDirectories(parent);
        Path temporary = Files.createTempDirectory(parent, ".unpacking-");
        try {
            Path filled = Files.createDirectory(temporary.resolve("new"));
            filler.fill(filled);
            publish(filled, temporary);
        } finally {
            delete(temporary);
        }
    }

    /** Renames the filled folder, unless another process was faster with an intact one. */
    private void publish(Path filled, Path temporary) throws IOException {
        IOException refused = null;
        for (int i = 0; i < TRIES; i++) {
            if (Files.exists(path)) {
                if (isIntact()) return;
                move(path, temporary.resolve("damaged-" + i));
            }
            try {
                move(filled, path);
                return;
            } catch (IOException e) {   // another process's folder is there by now
                refused = e;
            }
        }
        throw refused;
    }

    private static void move(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted((a, b) -> b.compareTo(a)).toList()) Files.deleteIfExists(path);
        }
    }
}
