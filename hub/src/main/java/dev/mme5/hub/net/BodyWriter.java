package dev.mme5.hub.net;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Writes a body to a sink in large pieces while it arrives, one delivery at a time, so that a slow disk slows the server down
 * and the heap holds one buffer. A body longer than expected is cut off.
 */
final class BodyWriter implements HttpResponse.BodySubscriber<Long> {

    /** Where the bytes go, in order. The buffer is full or holds the last bytes that came; it is reused. */
    @FunctionalInterface
    interface Sink {
        void write(ByteBuffer bytes) throws IOException;
    }

    /** Longest time that a byte waits in the buffer while others come: a process that is killed loses no more. */
    private static final long MAX_UNWRITTEN_NANOS = 20_000_000;

    private static final int DROP_BUFFER_BYTES = 1024;
    private static final long MAX_DROPPED_BYTES = 64 << 10;

    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private final ByteBuffer buffer;
    private final Sink sink;
    private final long maxBytes;
    private final ActivityClock clock = new ActivityClock();
    private Flow.Subscription subscription;
    private long received;
    private long lastFlush = System.nanoTime();
    private boolean closed;

    /**
     * @param buffer collects what the sink is given at once
     * @param maxBytes a body that has more is cut off there
     */
    BodyWriter(ByteBuffer buffer, Sink sink, long maxBytes) {
        this.buffer = buffer;
        this.sink = sink;
        this.maxBytes = maxBytes;
    }

    /** Reads a body that nobody wants, so that its connection can be used again; a long one is cut off. */
    static BodyWriter dropping() {
        return new BodyWriter(ByteBuffer.allocate(DROP_BUFFER_BYTES), bytes -> {}, MAX_DROPPED_BYTES);
    }

    @Override
    public CompletionStage<Long> getBody() {
        return done;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription offered) {
        subscription = offered;
        if (closed) {   // given up: the buffer may be another writer's already
            offered.cancel();
            return;
        }
        buffer.clear();
        offered.request(1);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> pieces) {
        if (closed) return;
        clock.touch();
        try {
            for (ByteBuffer piece : pieces) take(piece);
            if (received == maxBytes) {
                flush();
                finish(null);
            } else {
                if (System.nanoTime() - lastFlush > MAX_UNWRITTEN_NANOS) flush();
                subscription.request(1);
            }
        } catch (IOException | RuntimeException e) {
            finish(e);
        }
    }

    @Override
    public synchronized void onError(Throwable failure) {
        if (closed) return;
        flushOrIgnore();
        closed = true;
        done.completeExceptionally(failure);
    }

    @Override
    public synchronized void onComplete() {
        if (closed) return;
        try {
            flush();
            closed = true;
            done.complete(received);
        } catch (IOException | RuntimeException e) {
            finish(e);
        }
    }

    /** Nothing is written after this returns. What came until now is. */
    synchronized void close() {
        if (closed) return;
        flushOrIgnore();
        finish(new IOException("closed"));
    }

    ActivityClock clock() {
        return clock;
    }

    private void take(ByteBuffer piece) throws IOException {
        long room = maxBytes - received;
        if (piece.remaining() > room) piece.limit(piece.position() + (int) room);
        while (piece.hasRemaining()) {
            int part = Math.min(piece.remaining(), buffer.remaining());
            buffer.put(buffer.position(), piece, piece.position(), part);
            buffer.position(buffer.position() + part);
            piece.position(piece.position() + part);
            received += part;
            if (!buffer.hasRemaining()) flush();
        }
    }

    private void flush() throws IOException {
        lastFlush = System.nanoTime();
        if (buffer.position() == 0) return;
        buffer.flip();
        sink.write(buffer);
        buffer.clear();
    }

    private void flushOrIgnore() {
        try {
            flush();
        } catch (IOException | RuntimeException e) {
            // The transfer has failed already; these bytes are asked for again.
        }
    }

    private void finish(Throwable failure) {
        closed = true;
        if (subscription != null) subscription.cancel();
        if (failure == null) {
            done.complete(received);
        } else {
            done.completeExceptionally(failure);
        }
    }
}
