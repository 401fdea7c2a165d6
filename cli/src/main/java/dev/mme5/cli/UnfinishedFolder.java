package dev.mme5.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/** A folder that appears under its name when it is complete, or not at all, not even when the process is told to end. */
final class UnfinishedFolder implements AutoCloseable {
    private final Path path;
    private final Path target;
    private final Thread discard = new Thread(this::discard);
    private boolean committed;

    private UnfinishedFolder(Path path, Path target) {
        this.path = path;
        this.target = target;
    }

    /** A hidden folder beside the one that is to be. */
    static UnfinishedFolder beside(Path target) throws IOException {
        Path path = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        UnfinishedFolder folder = new UnfinishedFolder(path, target);
        Files.createDirectory(path);
        Runtime.getRuntime().addShutdownHook(folder.discard);
        return folder;
    }

    /** Where the content goes for now. */
    Path path() {
        return path;
    }

    /** All is there: the folder takes its place. */
    synchronized void commit() throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        committed = true;
    }

    private synchronized void discard() {
        if (committed) return;
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // Nothing more can be done about files that cannot be removed.
        }
    }

    /** Without {@link #commit} before, nothing is left. */
    @Override
    public void close() {
        discard();
        try {
            Runtime.getRuntime().removeShutdownHook(discard);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already, and finds nothing.
        }
    }
}
