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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
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

    /**
     * Arguments: model folder, threads, rounds of each thread or minutes ({@code 10m}), one in how many calls is interrupted or 0,
     * then inputs: a number of words, an image file, or {@code bytes:} and an image file. Thread i starts with input i.
     */
    public static void main(String[] args) throws Exception {
        int threads = Integer.parseInt(args[1]);
        boolean timed = args[2].endsWith("m");
        int amount = Integer.parseInt(args[2].replace("m", ""));
        long nanos = timed ? amount * 60_000_000_000L : Long.MAX_VALUE;
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), Options.defaults().withThreads(2))) {
            Overload overload = new Overload(model);
            for (String input : List.of(args).subList(4, args.length)) overload.add(input);
            long start = System.nanoTime();
            String before = timed ? state() : "";
            overload.run(threads, timed ? Integer.MAX_VALUE : amount, nanos, Integer.parseInt(args[3]));
            System.out.printf("%s in %.1f s%n", new TreeMap<>(overload.ends), (System.nanoTime() - start) / 1e9);
            if (timed) System.out.println("before: " + before + "; after: " + state());
        }
    }

    private void add(String argument) throws IOException {
        Input input = argument.matches("\\d+")
                ? Input.text("a cat and ".repeat(Integer.parseInt(argument) / 3 + 1))
                : argument.startsWith("bytes:")
                        ? Input.image(Files.readAllBytes(Path.of(argument.substring("bytes:".length()))))
                        : Input.image(Path.of(argument));
        inputs.add(input);
        right.add(model.embed(input));
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
            return model.embed(inputs.get(index)).equals(right.get(index)) ? "right" : "wrong bits of input " + index;
        } catch (CancelledException e) {
            return Thread.interrupted() ? "interrupted" : "cancelled without an interrupt";
        } catch (Throwable e) {
            return e.toString();
        }
    }

    private static String state() throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return "%d MB of heap, %d threads, %d open files".formatted(
                runtime.totalMemory() - runtime.freeMemory() >> 20, count("task"), count("fd"));
    }

    private static long count(String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self").resolve(what))) {
            return entries.count();
        }
    }
}
