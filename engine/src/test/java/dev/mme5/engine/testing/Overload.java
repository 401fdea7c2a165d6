package dev.mme5.engine.testing;

import dev.mme5.engine.CancelledException;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Many callers at once in a heap that holds one of them. Every call must give the bits of the same call alone; none may run out of
 * memory or be refused.
 */
public final class Overload {
    private static final Random RANDOM = new Random(5);

    private final EmbeddingModel model;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Embedding> right = new ArrayList<>();
    private final Map<String, LongAdder> ends = new ConcurrentSkipListMap<>();

    private Overload(EmbeddingModel model) {
        this.model = model;
    }

    /** Compiler threads come and go. */
    private static final int MAX_MORE_THREADS = 2;

    /** The caches of image states and beginnings may fill meanwhile. */
    private static final long MAX_MORE_MEGABYTES = 4 + (Runtime.getRuntime().maxMemory() * 3 / 16 >> 20);

    /** What must not grow. */
    private record State(long heapMegabytes, long threads, long openFiles) {
        static State now() throws IOException {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return new State(runtime.totalMemory() - runtime.freeMemory() >> 20, count("task"), count("fd"));
        }

        private static long count(String what) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of("/proc/self").resolve(what))) {
                return entries.count();
            }
        }

        boolean isAbove(State before) {
            return heapMegabytes > before.heapMegabytes + MAX_MORE_MEGABYTES || threads > before.threads + MAX_MORE_THREADS
                    || openFiles > before.openFiles;
        }
    }

    /**
     * Arguments: model folder, threads, rounds of each thread or a time ({@code 60s}), mean milliseconds between two interrupts of a
     * random thread or 0, then inputs: a number of tokens, an image file, or {@code bytes:} and an image file. Thread i starts with input
     * i. In a timed run, heap, threads and open files after a quarter are compared with those at the end.
     */
    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[1]);
        boolean timed = args[2].endsWith("s");
        int amount = Integer.parseInt(args[2].replace("s", ""));
        int interrupts = Integer.parseInt(args[3]);
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), Options.defaults().withThreads(2))) {
            Overload overload = new Overload(model);
            for (String input : List.of(args).subList(4, args.length)) overload.add(input);
            long start = System.nanoTime();
            String growth = "";
            if (timed) {
                overload.run(threads, Integer.MAX_VALUE, amount * 250_000_000L, interrupts);
                State before = overload.idle();
                overload.run(threads, Integer.MAX_VALUE, amount * 750_000_000L, interrupts);
                State after = overload.idle();
                growth = (after.isAbove(before) ? ", grew: " : ", constant: ") + before + " and " + after;
            } else {
                overload.run(threads, amount, Long.MAX_VALUE, interrupts);
            }
            System.out.printf("%s in %.1f s%s%n", new TreeMap<>(overload.ends), (System.nanoTime() - start) / 1e9, growth);
        }
    }

    /** The state when the passes of calls that were cancelled have ended: this one's comes after them. */
    private State idle() throws IOException, InterruptedException {
        model.embed(inputs.getFirst());
        Thread.sleep(200);
        return State.now();
    }

    private void add(String argument) throws IOException {
        Input input = argument.matches("\\d+")
                ? Input.text(text(Integer.parseInt(argument)))
                : argument.startsWith("bytes:")
                        ? Input.image(Files.readAllBytes(Path.of(argument.substring("bytes:".length()))))
                        : Input.image(Path.of(argument));
        inputs.add(input);
        right.add(model.embed(input));
    }

    /** As many words as fit into that many tokens. */
    private String text(int tokens) {
        String[] words = {"a", " cat", " and", " a", " dog", " and"};
        String text = words[0];
        for (int i = 1;; i++) {
            String more = text + words[i % words.length];
            if (model.countTokens(Input.text(more)) > tokens) return text;
            text = more;
        }
    }

    private void run(int threads, int rounds, long nanos, int interrupts) throws InterruptedException {
        long end = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanos;
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(threads);
        List<Thread> all = new ArrayList<>();
        AtomicInteger running = new AtomicInteger(threads);
        for (int i = 0; i < threads; i++) {
            int first = i;
            Runnable calls = () -> {
                try {
                    start.await();
                    started.countDown();
                    for (int round = 0; round < rounds && System.nanoTime() < end; round++) {
                        ends.computeIfAbsent(call((first + round) % inputs.size()), any -> new LongAdder()).increment();
                    }
                } catch (InterruptedException e) {
                    ends.computeIfAbsent("interrupted", any -> new LongAdder()).increment();
                } finally {
                    running.decrementAndGet();
                }
            };
            all.add(i % 2 == 0 ? Thread.ofPlatform().start(calls) : Thread.ofVirtual().start(calls));
        }
        start.countDown();
        started.await();
        while (interrupts > 0 && running.get() > 0) {
            Thread.sleep(RANDOM.nextInt(2 * interrupts) + 1);
            all.get(RANDOM.nextInt(threads)).interrupt();
        }
        for (Thread thread : all) thread.join();
    }

    private String call(int index) {
        try {
            Embedding embedding = RANDOM.nextInt(4) == 0 ? embedAsync(inputs.get(index)) : model.embed(inputs.get(index));
            return embedding.equals(right.get(index)) ? "right" : "wrong bits of input " + index;
        } catch (CancelledException e) {
            return Thread.interrupted() ? "interrupted" : "cancelled without an interrupt";
        } catch (Throwable e) {
            return e.toString();
        }
    }

    /** Waits for a future, and cancels it when interrupted. */
    private Embedding embedAsync(Input input) throws ExecutionException {
        CompletableFuture<Embedding> future = model.embedAsync(input);
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancelledException("interrupted");
        }
    }
}
