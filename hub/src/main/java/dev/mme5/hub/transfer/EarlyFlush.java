package dev.mme5.hub.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Writes a growing file to the disk while it grows, on a thread of its own, so that the last flush, before the file gets its name, has
 * little left to wait for. Failures are left to that one.
 */
final class EarlyFlush implements AutoCloseable {
    private static final long STEP_BYTES = 64L << 20;

    private final FileChannel channel;
    private final Thread thread = Thread.ofPlatform().name("hub-flush").daemon().unstarted(this::work);
    private long reached;
    private long flushed;
    private boolean isClosed;

    EarlyFlush(FileChannel channel) {
        this.channel = channel;
    }

    /** Says that this many bytes have been written. */
    synchronized void reached(long bytes) {
        reached = bytes;
        if (reached - flushed < STEP_BYTES) return;
        if (thread.getState() == Thread.State.NEW) thread.start();
        notifyAll();
    }

    private void work() {
        while (await()) {
            try {
                channel.force(false);
            } catch (IOException e) {
                return;   // the last flush fails as well, and says so
            }
        }
    }

    private synchronized boolean await() {
        while (!isClosed && reached - flushed < STEP_BYTES) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        flushed = reached;
        return !isClosed;
    }

    /** Waits for the flush that is going on. The thread is not interrupted, because that would close the channel. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            notifyAll();
        }
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) Thread.currentThread().interrupt();
    }
}
