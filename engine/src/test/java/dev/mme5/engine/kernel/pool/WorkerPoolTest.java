package dev.mme5.engine.kernel.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("looks at all threads")
@Timeout(60)
class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTaskRunsOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int tasks : new int[] {0, 1, 2, 3, 7, 100, 10_000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);

                pool.forEach(tasks, runs::incrementAndGet);

                for (int i = 0; i < tasks; i++) assertEquals(1, runs.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyNeighbouringTaskRunsOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int tasks : new int[] {0, 1, 2, 3, 7, 100, 10_000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);

                pool.forEachNeighbour(tasks, (thread, task, next) -> {
                    runs.incrementAndGet(task);
                    assertTrue(next == -1 || next < tasks);
                    assertTrue(thread >= 0 && thread < threads);
                });

                for (int i = 0; i < tasks; i++) assertEquals(1, runs.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 17, 1000})
    void rangesCoverEveryItemOnce(int items) {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(items);

            pool.forEachRange(items, 2, (from, to) -> {
                for (int i = from; i < to; i++) runs.incrementAndGet(i);
            });

            for (int i = 0; i < items; i++) assertEquals(1, runs.get(i));
        }
    }

    @Test
    void allThreadsWorkIncludingTheCaller() {
        try (WorkerPool pool = new WorkerPool(3)) {
            Set<String> names = ConcurrentHashMap.newKeySet();
            CountDownLatch allHere = new CountDownLatch(3);

            pool.forEach(3, task -> {
                names.add(Thread.currentThread().getName());
                allHere.countDown();
                await(allHere); // no thread can take two tasks
            });

            assertEquals(Set.of(Thread.currentThread().getName(), "mme5-worker-1", "mme5-worker-2"), names);
        }
    }

    @Test
    void oneThreadCreatesNone() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (WorkerPool pool = new WorkerPool(1)) {
            pool.forEach(10, task -> assertEquals(1, pool.threads()));

            assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().startsWith("mme5") && !before.contains(t)));
        }
    }

    @Test
    void exceptionOfATaskReachesTheCallerAfterAllTasksHaveEnded() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int round = 0; round < 200; round++) {
                OutOfMemoryError thrown = new OutOfMemoryError("simulated");
                AtomicInteger running = new AtomicInteger();
                int failingTask = round % 20;

                Throwable caught = assertThrows(OutOfMemoryError.class, () -> pool.forEach(20, task -> {
                    running.incrementAndGet();
                    try {
                        if (task == failingTask) throw thrown;
                        Thread.onSpinWait();
                    } finally {
                        running.decrementAndGet();
                    }
                }));

                assertSame(thrown, caught);
                assertEquals(0, running.get());
            }
            AtomicInteger afterwards = new AtomicInteger();
            pool.forEach(50, task -> afterwards.incrementAndGet());
            assertEquals(50, afterwards.get());
        }
    }

    @Test
    void manyCallersShareThePool() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicInteger wrong = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 24; caller++) { // more than MAX_OPEN_REGIONS
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int region = 0; region < 300; region++) {
                        AtomicInteger sum = new AtomicInteger();
                        pool.forEach(20, sum::addAndGet);
                        if (sum.get() != 190) wrong.incrementAndGet();
                    }
                }));
            }
            for (Thread caller : callers) caller.join();

            assertEquals(0, wrong.get());
        }
    }

    @Test
    void exceptionOfANeighbouringTaskReachesTheCallerAfterAllTasksHaveEnded() {
        try (WorkerPool pool = new WorkerPool(3)) {
            for (int round = 0; round < 200; round++) {
                OutOfMemoryError thrown = new OutOfMemoryError("simulated");
                AtomicInteger running = new AtomicInteger();
                int failingTask = round % 20;

                Throwable caught = assertThrows(OutOfMemoryError.class, () -> pool.forEachNeighbour(20, (thread, task, next) -> {
                    running.incrementAndGet();
                    try {
                        if (task == failingTask) throw thrown;
                        Thread.onSpinWait();
                    } finally {
                        running.decrementAndGet();
                    }
                }));

                assertSame(thrown, caught);
                assertEquals(0, running.get());
            }
            AtomicInteger afterwards = new AtomicInteger();
            pool.forEachNeighbour(50, (thread, task, next) -> afterwards.incrementAndGet());
            assertEquals(50, afterwards.get());
        }
    }

    @Test
    void neighbouringTasksEndSoonAfterOneHasThrown() {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch bothHere = new CountDownLatch(2);
            AtomicInteger ran = new AtomicInteger();

            assertThrows(IllegalStateException.class, () -> pool.forEachNeighbour(40, (thread, task, next) -> {
                ran.incrementAndGet();
                bothHere.countDown();
                await(bothHere);
                if (thread == 0) throw new IllegalStateException("simulated");
                LockSupport.parkNanos(20_000_000);
            }));

            assertTrue(ran.get() < 40, ran + " tasks ran");
        }
    }

    @Test
    void everyThreadHasANumberOfItsOwn() {
        try (WorkerPool pool = new WorkerPool(3)) {
            Set<Integer> numbers = ConcurrentHashMap.newKeySet();
            CountDownLatch allHere = new CountDownLatch(3);

            pool.forEachNeighbour(3, (thread, task, next) -> {
                numbers.add(thread);
                allHere.countDown();
                await(allHere); // no thread can take two tasks
            });

            assertEquals(Set.of(0, 1, 2), numbers);
        }
    }

    /** A kernel has buffers by thread number, so none may run two tasks at a time, whoever else has regions. */
    @Test
    void manyCallersOfNeighboursShareThePoolAndNoThreadNumberRunsTwoTasks() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            AtomicInteger wrong = new AtomicInteger();
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < 24; caller++) { // more than MAX_OPEN_REGIONS
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int region = 0; region < 300; region++) {
                        AtomicInteger sum = new AtomicInteger();
                        AtomicIntegerArray running = new AtomicIntegerArray(3);
                        pool.forEachNeighbour(20, (thread, task, next) -> {
                            if (running.incrementAndGet(thread) != 1) wrong.incrementAndGet();
                            sum.addAndGet(task);
                            Thread.onSpinWait();
                            running.decrementAndGet(thread);
                        });
                        if (sum.get() != 190) wrong.incrementAndGet();
                    }
                }));
            }
            for (Thread caller : callers) caller.join();

            assertEquals(0, wrong.get());
        }
    }

    @Test
    void aCallerMakesProgressWhileAllWorkersAreBusy() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch started = new CountDownLatch(2);
            CountDownLatch release = new CountDownLatch(1);
            Thread slow = Thread.ofPlatform().start(() -> pool.forEach(2, task -> {
                started.countDown();
                await(release);
            }));
            await(started);
            AtomicInteger ran = new AtomicInteger();

            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> pool.forEach(5, task -> ran.incrementAndGet()));

            assertEquals(5, ran.get());
            release.countDown();
            slow.join();
        }
    }

    @Test
    void anInterruptedCallerFinishesAndStaysInterrupted() {
        try (WorkerPool pool = new WorkerPool(2)) {
            AtomicInteger ran = new AtomicInteger();
            Thread.currentThread().interrupt();

            pool.forEach(1000, task -> ran.incrementAndGet());

            assertTrue(Thread.interrupted());
            assertEquals(1000, ran.get());
        }
    }

    @Test
    void idleWorkersUseNoProcessorTime() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3)) {
            Set<Long> workers = ConcurrentHashMap.newKeySet();
            CountDownLatch allHere = new CountDownLatch(3);
            pool.forEach(3, task -> {
                if (Thread.currentThread().getName().startsWith("mme5")) workers.add(Thread.currentThread().threadId());
                allHere.countDown();
                await(allHere);
            });
            Thread.sleep(200);
            long before = processorNanos(workers);
            Thread.sleep(500);

            assertEquals(2, workers.size());
            assertTrue(processorNanos(workers) - before < 5_000_000, "workers worked " + (processorNanos(workers) - before) + " ns");
        }
    }

    private static long processorNanos(Set<Long> threads) {
        return threads.stream().mapToLong(ManagementFactory.getThreadMXBean()::getThreadCpuTime).sum();
    }

    @Test
    void closeStopsTheThreadsAndMayBeRepeated() {
        WorkerPool pool = new WorkerPool(3);
        Set<Thread> workers = ConcurrentHashMap.newKeySet();
        CountDownLatch allHere = new CountDownLatch(3);
        pool.forEach(3, task -> {
            workers.add(Thread.currentThread());
            allHere.countDown();
            await(allHere);
        });

        pool.close();
        pool.close();

        for (Thread worker : workers) assertTrue(worker == Thread.currentThread() || !worker.isAlive());
        assertThrows(IllegalStateException.class, () -> pool.forEach(1, task -> {}));
    }

    @Test
    void refusesLessThanOneThread() {
        assertThrows(IllegalArgumentException.class, () -> new WorkerPool(0));
    }

    @Test
    void workersAreDaemons() {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch bothHere = new CountDownLatch(2);
            Thread caller = Thread.currentThread();
            pool.forEach(2, task -> {
                assertFalse(Thread.currentThread() != caller && !Thread.currentThread().isDaemon());
                bothHere.countDown();
                await(bothHere);
            });
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
