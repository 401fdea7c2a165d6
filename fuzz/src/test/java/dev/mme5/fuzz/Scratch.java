package dev.mme5.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for readers of files. Each execution writes it again; it is deleted when the JVM ends. */
public final class Scratch {
    private final Path folder;

    public Scratch() {
        try {
            folder = Files.createTempDirectory("mme5-fuzz");
            folder.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Writes a file of the folder. */
    public Path put(String name, byte[] content) {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) file.toFile().deleteOnExit();
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
