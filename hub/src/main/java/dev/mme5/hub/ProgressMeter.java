package dev.mme5.hub;

import dev.mme5.hub.transfer.ByteMeter;
import dev.mme5.json.SafeText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Counts what comes, and tells the listener, one call at a time and not too often. */
final class ProgressMeter implements ByteMeter {
    private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(5);

    private record Sample(long time, long bytes) {}

    private final DownloadListener listener;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long bytes;
    private long received;
    private long totalBytes;
    private long lastCall;
    private String file = "";
    private boolean isClosed;

    ProgressMeter(DownloadListener listener) {
        this.listener = listener;
        this.lastCall = System.nanoTime() - INTERVAL;
    }

    /** What is to come in all, as far as it is known now. */
    synchronized void expect(long total) {
        totalBytes = total;
    }

    @Override
    public synchronized void present(long count) {
        bytes += count;
    }

    @Override
    public synchronized void received(String from, long count) {
        long now = System.nanoTime();
        if (samples.isEmpty()) samples.add(new Sample(now, count));   // the time until the first bytes says nothing of the rate
        bytes += count;
        received += count;
        file = from;
        if (now - lastCall < INTERVAL || isClosed) return;
        lastCall = now;
        samples.add(new Sample(now, received));
        while (samples.size() > 2 && now - samples.peek().time() > WINDOW) samples.remove();
        listener.progress(new DownloadProgress(bytes, totalBytes, rate(now), file, false));
    }

    synchronized void notice(String line) {
        if (!isClosed) listener.notice(SafeText.line(line));
    }

    /** The last call to the listener. */
    synchronized void complete() {
        if (isClosed) return;
        listener.progress(new DownloadProgress(bytes, totalBytes, rate(System.nanoTime()), file, true));
        isClosed = true;
    }

    synchronized void close() {
        isClosed = true;
    }

    private double rate(long now) {
        Sample oldest = samples.peek();
        return oldest != null && now > oldest.time() ? (received - oldest.bytes()) * 1e9 / (now - oldest.time()) : 0;
    }
}
