package dev.mme5.server.queue;

import dev.mme5.engine.BusyException;
import dev.mme5.engine.CancelledException;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.ModelClosedException;
import dev.mme5.engine.ProgressListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One thread that runs passes. It takes one input of each waiting request in turn, so that a request of thousands shares every pass with
 * those that came after it.
 */
final class Lane {
    /** A pass waits so long for more inputs, as a share of the last pass, when several requests were in that one. */
    private static final int GATHER_SHARE = 16;
    private static final long MAX_GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EmbeddingModel model;
    private final int maxInputs;
    private final int maxChars;
    private final PassListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<EmbedJob> waiting = new ArrayDeque<>();
    private final Thread thread;
    private List<Taken> running = List.of();
    private boolean isClosed;
    private long lastPassNanos;
    private int lastRequests;

    private record Taken(EmbedJob job, int index) {}

    /**
     * @param maxInputs most inputs of a pass
     * @param maxChars most characters of a pass, but for a single input
     */
    Lane(String name, EmbeddingModel model, int maxInputs, int maxChars, PassListener listener) {
        this.model = model;
        this.maxInputs = maxInputs;
        this.maxChars = maxChars;
        this.listener = listener;
        // A thread of the platform: computing would keep virtual threads, which answer requests, from theirs.
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    void add(EmbedJob job) {
        lock.lock();
        try {
            if (isClosed) {
                job.done().completeExceptionally(new CancellationException("the server is stopping"));
                return;
            }
            waiting.add(job);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    void cancel(EmbedJob job) {
        lock.lock();
        try {
            job.cancel();
            waiting.remove(job);
            boolean isAlone = !running.isEmpty() && running.stream().allMatch(taken -> taken.job().isCancelled());
            if (isAlone) thread.interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            List<Taken> pass = List.of();
            try {
                pass = takePass();
                if (pass == null) return;
                compute(pass);
            } catch (OutOfMemoryError e) { // outside of the pass itself; without this thread nothing would ever be answered
                fail(pass, e);
            }
        }
    }

    private List<Taken> takePass() {
        lock.lock();
        try {
            running = List.of();
            Thread.interrupted(); // meant for the last pass
            while (waiting.isEmpty()) {
                if (isClosed) return null;
                arrived.awaitUninterruptibly();
            }
            gather();
            running = take();
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Clients that were answered together ask again together, a moment later. */
    private void gather() {
        long left = Math.min(MAX_GATHER_NANOS, lastPassNanos / GATHER_SHARE);
        while (lastRequests > 1 && waiting.size() < lastRequests && left > 0 && !isClosed) {
            try {
                left = arrived.awaitNanos(left);
            } catch (InterruptedException e) {
                return; // a request that is no longer in a pass was cancelled
            }
        }
    }

    private List<Taken> take() {
        List<Taken> pass = new ArrayList<>();
        int chars = 0;
        while (!waiting.isEmpty() && pass.size() < maxInputs && (pass.isEmpty() || chars < maxChars)) {
            EmbedJob job = waiting.poll();
            if (!job.hasNext()) continue;
            int index = job.take();
            pass.add(new Taken(job, index));
            chars += job.input(index).prompt().length();
            if (job.hasNext()) waiting.add(job);
        }
        return pass;
    }

    private void compute(List<Taken> pass) {
        if (pass.isEmpty()) return;
        PassEvent event = new PassEvent();
        event.begin();
        long start = System.nanoTime();
        long since = pass.stream().mapToLong(taken -> taken.job().since()).min().orElse(start);
        List<Input> inputs = pass.stream().map(taken -> taken.job().input(taken.index())).toList();
        try {
            List<EmbeddingResult> results = model.tryEmbedAll(inputs, ProgressListener.NONE);
            long nanos = System.nanoTime() - start;
            long tokens = results.stream().filter(result -> !result.failed()).mapToLong(result -> result.embedding().tokens()).sum();
            int images = inputs.stream().mapToInt(input -> input.images().size()).sum();
            int requests = (int) pass.stream().map(Taken::job).distinct().count();
            event.end(); // else it has no duration yet, and is below any threshold
            if (event.shouldCommit()) {
                event.requests = requests;
                event.inputs = inputs.size();
                event.images = images;
                event.tokens = tokens;
                event.commit();
            }
            listener.pass(inputs.size(), images, tokens, start - since, nanos);
            lastPassNanos = nanos;
            lastRequests = requests;
            finish(pass, results);
        } catch (CancelledException | ModelClosedException e) {
            cancelled(pass);
        } catch (Throwable e) {
            fail(pass, e);
        }
    }

    private void finish(List<Taken> pass, List<EmbeddingResult> results) {
        List<EmbedJob> complete = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < pass.size(); i++) {
                Taken taken = pass.get(i);
                if (taken.job().finish(taken.index(), results.get(i))) complete.add(taken.job());
            }
        } finally {
            lock.unlock();
        }
        for (EmbedJob job : complete) job.done().complete(job.results());
    }

    /** The pass was interrupted because nobody wanted it, or because the server is closed. */
    private static void cancelled(List<Taken> pass) {
        for (Taken taken : pass) taken.job().done().completeExceptionally(new CancellationException("cancelled"));
    }

    private static void fail(List<Taken> pass, Throwable e) {
        Throwable error = e instanceof OutOfMemoryError || e instanceof BusyException ? e : new ModelFailedException(e);
        for (Taken taken : pass) taken.job().done().completeExceptionally(error);
        for (Taken taken : pass) taken.job().cancel();
    }

    /** Requests that have inputs waiting. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, and the pass that it runs. Who waits is told. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            for (EmbedJob job : waiting) job.done().completeExceptionally(new CancellationException("the server is stopping"));
            waiting.clear();
            arrived.signalAll();
            if (!running.isEmpty()) thread.interrupt();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
