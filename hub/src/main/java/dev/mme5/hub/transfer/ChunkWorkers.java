package dev.mme5.hub.transfer;

import dev.mme5.hub.net.PermanentFailure;
import dev.mme5.hub.net.RangesUnsupported;
import dev.mme5.hub.net.RetryPolicy;
import dev.mme5.hub.net.StatusFailure;
import dev.mme5.hub.net.Transport;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Threads that fetch the missing chunks of one file, first chunks first, so that the part that is complete from the beginning
 * grows evenly. If the server knows no ranges, one thread takes the whole file.
 */
final class ChunkWorkers implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    /** Against a server that sends a few bytes and breaks off for ever. */
    private static final int MAX_FAILURES = 1000;

    private final Transport transport;
    private final RetryPolicy retries;
    private final RemoteFile file;
    private final PartialFile partial;
    private final Consumer<String> notices;
    private final ByteMeter meter;
    private final List<Thread> threads = new ArrayList<>();
    private final Object progress = new Object();

    private URI location;
    private int nextChunk;
    private boolean knowsRanges = true;
    private boolean isWholeTaken;
    private volatile boolean isStopped;
    private Throwable failure;

    ChunkWorkers(Transport transport, RetryPolicy retries, RemoteFile file, PartialFile partial, Consumer<String> notices,
            ByteMeter meter) {
        this.transport = transport;
        this.retries = retries;
        this.file = file;
        this.partial = partial;
        this.notices = line -> notices.accept(file.name() + ": " + line);
        this.meter = meter;
        this.location = file.location();
    }

    void start(int connections) {
        long missing = 0;
        for (int i = 0; i < partial.chunks(); i++) {
            if (!partial.isComplete(i)) missing++;
        }
        for (int i = 0; i < Math.min(connections, missing); i++) {
            threads.add(Thread.ofVirtual().name("hub-" + file.name() + "-" + i).unstarted(this::work));
        }
        threads.forEach(Thread::start);
    }

    /**
     * Waits until the received prefix is longer than {@code above} bytes.
     *
     * @return its length
     */
    long awaitPrefix(long above) throws IOException, InterruptedException {
        synchronized (progress) {
            while (true) {
                long prefix = partial.prefix(partial.chunkOf(above));
                if (prefix > above) return prefix;
                if (failure != null) throw explained(failure);
                progress.wait();
            }
        }
    }

    private IOException explained(Throwable cause) {
        if (cause instanceof IOException known) {
            String message = String.valueOf(known.getMessage());
            return new PermanentFailure(message.startsWith(file.name()) ? message : file.name() + ": " + message, known);
        }
        if (cause instanceof RuntimeException thrownByListener) throw thrownByListener;
        return new IOException(file.name() + ": " + cause, cause);
    }

    private void work() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(file.size(), 1, BUFFER_BYTES));
        try {
            for (int chunk = takeChunk(); chunk >= 0; chunk = takeChunk()) {
                try {
                    fetchChunk(chunk, buffer);
                } catch (RangesUnsupported e) {
                    if (!takeWhole()) return;
                    notices.accept(e.getMessage() + "; going on with one connection");
                    fetchWhole(buffer);
                    return;
                }
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private synchronized int takeChunk() {
        while (nextChunk < partial.chunks() && partial.isComplete(nextChunk)) nextChunk++;
        return isStopped || !knowsRanges || nextChunk >= partial.chunks() ? -1 : nextChunk++;
    }

    /** True for the one thread that fetches all that the others leave. */
    private synchronized boolean takeWhole() {
        knowsRanges = false;
        if (isWholeTaken) return false;
        isWholeTaken = true;
        return true;
    }

    private void fetchChunk(int chunk, ByteBuffer buffer) throws IOException, InterruptedException {
        long start = partial.chunkStart(chunk);
        long end = start + partial.chunkBytes(chunk);
        untilDone(() -> partial.done(chunk), partial.chunkBytes(chunk),
                from -> transport.range(from, start + partial.done(chunk), end, file.size(), buffer, bytes -> append(chunk, bytes)));
    }

    private void fetchWhole(ByteBuffer buffer) throws IOException, InterruptedException {
        for (Thread other : threads) {
            if (other != Thread.currentThread()) other.join();
        }
        untilDone(partial::present, file.size(), from -> {
            long[] position = {0};
            transport.range(from, 0, file.size(), file.size(), buffer, bytes -> {
                while (bytes.hasRemaining()) position[0] += appendAt(position[0], bytes);
            });
        });
    }

    /** Appends what is new of bytes that may have come before, up to the end of their chunk. */
    private long appendAt(long position, ByteBuffer bytes) throws IOException {
        int chunk = partial.chunkOf(position);
        long known = partial.chunkStart(chunk) + partial.done(chunk) - position;
        int count = (int) Math.min(bytes.remaining(), known > 0 ? known : partial.chunkStart(chunk) + partial.chunkBytes(chunk) - position);
        ByteBuffer part = bytes.slice(bytes.position(), count);
        bytes.position(bytes.position() + count);
        if (known <= 0) append(chunk, part);
        return count;
    }

    private void append(int chunk, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        partial.append(chunk, bytes);
        meter.received(file.name(), count);
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    @FunctionalInterface
    private interface Count {
        long get();
    }

    @FunctionalInterface
    private interface Request {
        void send(URI from) throws IOException, InterruptedException;
    }

    private void untilDone(Count done, long wanted, Request request) throws IOException, InterruptedException {
        int failures = 0;
        int failuresInAll = 0;
        while (done.get() < wanted && !isStopped) {
            long before = done.get();
            URI from = location();
            try {
                request.send(from);
            } catch (RangesUnsupported e) {
                throw e;
            } catch (IOException e) {
                if (isStopped || ++failuresInAll > MAX_FAILURES) throw e;
                boolean isExpired = isExpired(e);
                if (isExpired && !location().equals(from)) continue;   // another thread has a new link already
                failures = done.get() > before ? 1 : failures + 1;
                if (!isExpired || failures > 1) retries.pause(e, failures, notices);
                if (isExpired || failures > 1) relocate(from);
            }
        }
    }

    /** Storage hosts answer so when a signed link is too old: the hub's own refusals are permanent failures. */
    private static boolean isExpired(IOException failure) {
        return failure instanceof StatusFailure status && status.status() / 100 == 4 && status.retryAfter().isEmpty();
    }

    private synchronized URI location() {
        return location;
    }

    /** Asks for a new link, unless another thread has one already. */
    private synchronized void relocate(URI old) throws IOException, InterruptedException {
        if (location.equals(old)) location = file.locator().locate();
    }

    private void fail(Throwable cause) {
        isStopped = true;
        synchronized (progress) {
            if (failure == null) failure = cause;
            progress.notifyAll();
        }
    }

    /** Stops all threads and waits for them: nothing is written after this returns. */
    @Override
    public void close() {
        isStopped = true;
        threads.forEach(Thread::interrupt);
        boolean isInterrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        }
        if (isInterrupted) Thread.currentThread().interrupt();
    }
}
