package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.engine.testing.OutOfMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Many threads on one model, with interrupts, closing, and too little memory; leaks are counted by the operating system. */
@Isolated("counts the threads and files of the process")
@Timeout(1800)
class ManyThreadsTest {
    /** {@code -Dmme5.rounds=1000 -Dmme5.opens=500} are the numbers that the documentation names. */
    private static final int ROUNDS = Integer.getInteger("mme5.rounds", 20);

    private static final int OPENS = Integer.getInteger("mme5.opens", 25);
    private static final int THREADS = 16;
    private static final Options TWO_THREADS = Options.defaults().withThreads(2);
    private static final Golden GOLDEN = Golden.read("a-bf16-hub");

    /** Threads that the JVM starts and ends itself. */
    private static final List<String> NOT_OURS = List.of("C1 ", "C2 ", "GC ", "G1 ", "VM ", "Attach", "process reaper");

    @TempDir
    private Path folder;

    @Test
    void everyCallIsRightInterruptedOrClosed() throws Exception {
        List<Golden.Case> cases = GOLDEN.cases().stream().filter(c -> c.ids().length < 60).limit(THREADS).toList();
        List<Embedding> right;
        try (EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS)) {
            right = cases.stream().map(c -> model.embed(c.input())).toList();
        }
        Random random = new Random(3);
        Map<String, Integer> ends = new ConcurrentHashMap<>();
        AtomicLong calls = new AtomicLong();
        for (int round = 0; round < ROUNDS; round++) {
            EmbeddingModel model = EmbeddingModel.open(GOLDEN.folder(), TWO_THREADS);
            CountDownLatch started = new CountDownLatch(THREADS);
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                threads.add(Thread.ofPlatform().start(() -> {
                    started.countDown();
                    ends.merge(callUntilTheEnd(model, cases, right, first, calls), 1, Integer::sum);
                }));
            }
            started.await();
            Thread.sleep(random.nextInt(20));
            threads.get(random.nextInt(THREADS)).interrupt();
            Thread.sleep(random.nextInt(10));
            model.close();
            for (Thread thread : threads) thread.join();
        }
        System.out.println(ROUNDS + " rounds, " + calls + " right results, ends of threads: " + new TreeMap<>(ends));
        assertThat(ends.keySet()).isSubsetOf("closed", "interrupted");
        assertThat(ends.get("closed") + ends.getOrDefault("interrupted", 0)).isEqualTo(ROUNDS * THREADS);
        assertThat(ends.get("interrupted")).isPositive().isLessThanOrEqualTo(ROUNDS);
        assertThat(calls.get()).isPositive();
    }

    private static String callUntilTheEnd(
            EmbeddingModel model, List<Golden.Case> cases, List<Embedding> right, int first, AtomicLong calls) {
        for (int i = first;; i++) {
            Golden.Case c = cases.get(i % cases.size());
            try {
                if (!model.embed(c.input()).equals(right.get(i % cases.size()))) return "wrong bits: " + c.id();
                calls.incrementAndGet();
            } catch (CancelledException e) {
                return "interrupted";
            } catch (ModelClosedException e) {
                return e.getMessage().equals("the model is closed") ? "closed" : e.toString();
            } catch (Throwable e) {
                return e.toString();
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manyOpensAndClosesLeaveNothing() throws Exception {
        ModelCopy.of("a-bf16-hub", folder);
        String here = folder.toRealPath().toString();
        openAndClose(3);
        long filesBefore = openFiles();
        long threadsBefore = threads();

        openAndClose(OPENS);

        long filesAfter = openFiles();
        for (int i = 0; i < 100 && threads() > threadsBefore; i++) Thread.sleep(50);
        System.out.printf(
                "%d opens and closes: %d mappings of weights, %d open files before and %d after, %d threads before and %d after%n",
                OPENS, mappings(here), filesBefore, filesAfter, threadsBefore, threads());
        assertThat(mappings(here)).isZero();
        assertThat(filesAfter).isLessThanOrEqualTo(filesBefore);
        assertThat(threads()).isLessThanOrEqualTo(threadsBefore);
    }

    private void openAndClose(int times) throws IOException {
        Input image = Input.image(Golden.IMAGES.resolve("shapes_2x2.png"));
        for (int i = 0; i < times; i++) {
            try (EmbeddingModel model = EmbeddingModel.open(folder, TWO_THREADS)) {
                model.embedAll(List.of(Input.text("a"), image), ProgressListener.NONE);
                if (i == 0) assertThat(mappings(folder.toRealPath().toString())).isEqualTo(1);
            }
        }
    }

    @Tag("thorough")
    @Test
    void outOfMemoryInOneCallDoesNotPoisonTheNext() throws Exception {
        int rounds = Math.max(30, ROUNDS / 5);
        List<String> options = List.of("--add-modules", "jdk.incubator.vector", "-Xmx48m", "-XX:+UseSerialGC");

        String out = ClassPathJvm.run(OutOfMemory.class, options, Integer.toString(rounds)).out();

        System.out.print(rounds + " rounds: " + out);
        assertThat(out).matches("[1-9]\\d* ran out of memory, 0 wrong, closed\n");
    }

    private static long mappings(String folder) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(folder)).count();
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> NOT_OURS.stream().noneMatch(name(task)::startsWith)).count();
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException ended) {
            return NOT_OURS.getFirst();
        }
    }
}
