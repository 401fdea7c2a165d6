package dev.mme5.engine.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Creates a folder atomically: it appears under its name when it is complete, or not at all. Until then it has a name that begins
 * with a dot, and a shutdown hook removes it if the process ends.
 */
public final class AtomicFolder implements AutoCloseable {
    /** Bytes that must stay free on the disk. */
    private static final long SPARE_BYTES = 64L << 20;

    /** How often the removed folder is looked for, and how long in between. */
    private static final int MAX_CHECKS = 100;
    private static final int CHECK_MILLISECONDS = 10;

    /** How long to wait for the end of all processes. */
    private static final int MAX_SECONDS = 5;

    private final Path target;
    private final Path unfinished;
    private final Thread discard = new Thread(this::discard);
    private final Set<Process> writers = new HashSet<>();
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
        Runtime.getRuntime().addShutdownHook(created.discard);
        try {
            Files.createDirectory(created.unfinished);
        } catch (IOException e) {
            created.close();
            throw e;
        }
        return created;
    }

    /** The folder to write the files to. */
    public Path path() {
        return unfinished;
    }

    /**
     * Starts a process that writes to the folder. If the folder is removed, the process and those that it started are ended first.
     *
     * @throws IOException when this process is ending, or the other one cannot be started
     */
    public synchronized Process start(ProcessBuilder writer) throws IOException {
        if (ended) throw new IOException(target + ": the process is ending");
        writers.removeIf(earlier -> !earlier.isAlive());
        Process started = writer.start();
        writers.add(started);
        return started;
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
        endWriters();
        // When the process is told to end, other threads go on. Under another name they find the folder no more. What is made again under
        // the old one gets another name as well, until nothing comes: a folder that grows could not be removed.
        List<Path> moved = new ArrayList<>();
        boolean isThere = exists(unfinished);
        int absent = 0;
        for (int i = 0; i < MAX_CHECKS && absent < 2; i++) {
            move(unfinished.resolveSibling(unfinished.getFileName() + ".old" + i), moved);
            moved.forEach(AtomicFolder::remove);
            boolean isGone = !exists(unfinished) && moved.stream().noneMatch(AtomicFolder::exists);
            absent = isGone ? absent + 1 : 0;
            if (isThere && absent < 2 && !pause()) return;
        }
    }

    /** Gives the folder another name and adds that to the list; removes it where it cannot be moved. */
    private void move(Path other, List<Path> moved) {
        try {
            Files.move(unfinished, other, StandardCopyOption.ATOMIC_MOVE);
            moved.add(other);
        } catch (NoSuchFileException e) {
            // Nothing is there.
        } catch (IOException e) {
            remove(unfinished);
        }
    }

    private static boolean exists(Path folder) {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    private void endWriters() {
        List<ProcessHandle> all = new ArrayList<>();
        for (Process writer : writers) {
            all.addAll(writer.descendants().toList());
            all.add(writer.toHandle());
        }
        all.forEach(ProcessHandle::destroyForcibly);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
        boolean interrupted = false;
        for (ProcessHandle process : all) interrupted |= waitFor(process, deadline);
        if (interrupted) Thread.currentThread().interrupt();
    }

    /** Waits for the end of a process, also when interrupted, and returns whether that was so. */
    private static boolean waitFor(ProcessHandle process, long deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                process.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                return interrupted;
            } catch (ExecutionException | TimeoutException e) {
                return interrupted; // it may go on writing; what it has written until now is removed
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** Deletes files that other threads may be adding to, or deleting, at the same time. */
    private static void remove(Path folder) {
        if (!exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> inner = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : inner) Files.deleteIfExists(file);
        } catch (IOException | UncheckedIOException e) {
            // Tried again; nothing more can be done about files that cannot be removed.
        }
    }

    /** Waits a little, and returns false when interrupted. */
    private static boolean pause() {
        try {
            Thread.sleep(CHECK_MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
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
