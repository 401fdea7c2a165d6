package dev.mme5.engine.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Creates a folder atomically: it appears under its name when it is complete, or not at all. Until then it has a name that begins
 * with a dot, and a shutdown hook removes it if the process ends.
 */
public final class AtomicFolder implements AutoCloseable {
    /** Bytes that must stay free on the disk. */
    private static final long SPARE_BYTES = 64L << 20;

    private final Path target;
    private final Path unfinished;
    private final Thread discard = new Thread(this::discard);
    private boolean ended;

    private AtomicFolder(Path target, Path unfinished) {
        this.target = target;
        this.unfinished = unfinished;
    }

    /**
     * Creates an empty folder under the other name; its content goes to {@link #path}.
     *
     * @param folder the name it will have
     * @param bytes that will be written
     * @throws IOException when something of that name exists, there is not enough space, or the system refuses
     */
    public static AtomicFolder create(Path folder, long bytes) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(folder.toString(), null, "exists already");
        }
        if (!Files.isDirectory(parent)) throw new FileSystemException(folder.toString(), null, "its folder does not exist");
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < bytes + SPARE_BYTES) {
            throw new FileSystemException(folder.toString(), null,
                    "needs %,d MB of disk, %,d MB are free".formatted(bytes + SPARE_BYTES >> 20, free >> 20));
        }
        AtomicFolder created =
                new AtomicFolder(target, target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp"));
        Files.createDirectory(created.unfinished);
        Runtime.getRuntime().addShutdownHook(created.discard);
        return created;
    }

    /** The folder to write the files to. */
    public Path path() {
        return unfinished;
    }

    /**
     * Gives the complete folder its name.
     *
     * @throws IOException when the process is ending, or the folder cannot be moved
     */
    public synchronized void commit() throws IOException {
        if (ended) throw new IOException(target + ": the process is ending");
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        ended = true;
    }

    private synchronized void discard() {
        if (ended) return;
        ended = true;
        try (Stream<Path> files = Files.walk(unfinished)) {
            List<Path> inner = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inner) Files.deleteIfExists(file);
        } catch (IOException e) {
            // Nothing more can be done about files that cannot be removed.
        }
    }

    /** Removes the folder unless {@link #commit} was called. */
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
