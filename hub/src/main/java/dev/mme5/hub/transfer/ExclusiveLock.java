package dev.mme5.hub.transfer;

import dev.mme5.hub.net.LocalFailure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One process, and one thread of it, holds the lock of a path; the system takes it from a process that dies. The lock file stays,
 * since one that is deleted and made again would be two.
 *
 * <p>The system's locks belong to the process, and closing any channel of the file would release them, so threads are kept apart
 * before the file is opened: hence the one static map of this module.
 */
public final class ExclusiveLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> HELD_HERE = new ConcurrentHashMap<>();
    private static final long POLL_MILLIS = 100;

    private final ReentrantLock here;
    private final FileChannel channel;

    private ExclusiveLock(ReentrantLock here, FileChannel channel) {
        this.here = here;
        this.channel = channel;
    }

    /**
     * Waits until nobody else holds it.
     *
     * @param waiting called once, when somebody does
     */
    public static ExclusiveLock acquire(Path file, Runnable waiting) throws LocalFailure, InterruptedException {
        ReentrantLock here = HELD_HERE.computeIfAbsent(file.toAbsolutePath().normalize(), any -> new ReentrantLock());
        boolean isTold = !here.tryLock();
        if (isTold) {
            waiting.run();
            here.lockInterruptibly();
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            while (!tryLock(channel)) {
                if (!isTold) waiting.run();
                isTold = true;
                Thread.sleep(POLL_MILLIS);
            }
            return new ExclusiveLock(here, channel);
        } catch (IOException e) {
            release(here, channel);
            throw new LocalFailure(file + " cannot be locked: " + LocalFailure.describe(e), e);
        } catch (InterruptedException | RuntimeException e) {
            release(here, channel);
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;   // this class was loaded twice, and the other one holds it
        }
    }

    private static void release(ReentrantLock here, FileChannel channel) {
        try (channel) {
            // closing releases the system's lock
        } catch (IOException e) {
            // nothing was written
        } finally {
            here.unlock();
        }
    }

    @Override
    public void close() {
        release(here, channel);
    }
}
