package dev.mme5.engine.runtime.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.nn.StateCache;
import dev.mme5.engine.runtime.memory.StateCaches;
import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.memory.ImageStateCache;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.engine.runtime.memory.Reservation;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.engine.runtime.waiting.WaitingCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers of a network that computes when it is let. */
@Timeout(60)
class PassQueueTest {
    private final Semaphore mayEnd = new Semaphore(0);
    private final Semaphore started = new Semaphore(0);
    private final List<String> passes = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> ends = new ConcurrentHashMap<>();
    private RuntimeException failure;

    private WaitingCalls waiting = new WaitingCalls(null, 0);
    private PassQueue queue = queue();
    private MemoryBudget budget;

    private PassQueue queue() {
        MemoryEstimate estimate = new MemoryEstimate(new NoMemory(), 100, 10_000, Optional.empty(), 1, 0, 0);
        budget = new MemoryBudget(new MemoryCheck(estimate, 1L << 30, Long.MAX_VALUE),
                new StateCaches(new ImageStateCache(0), StateCache.NONE), waiting);
        return new PassQueue(new ForwardPass(new Network(), budget), budget, waiting);
    }

    private record NoMemory() implements PassMemory {
        @Override
        public long bytes(long tokens, long sequences, int images) {
            return 0;
        }

        @Override
        public long maxRows(long tokens, int images) {
            return tokens;
        }

        @Override
        public int maxWidth(int images) {
            return 1;
        }
    }

    private record State(long bytes) implements ImageState {}

    private record Image(int content) implements PreparedImage {
        @Override
        public ByteBuffer contentKey() {
            return ByteBuffer.wrap(new byte[] {(byte) content});
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    /** The vector of a sequence is its first id. */
    private final class Network implements EmbeddingNetwork {
        @Override
        public Object stateVariant(int[][] ids) {
            return 0;
        }

        @Override
        public ImageState imageState(PreparedImage image, int[][] ids, Trace trace) {
            return new State(1);
        }

        @Override
        public EmbeddedBatch embed(SequenceBatch batch, Trace trace) {
            passes.add(Arrays.stream(batch.ids()).map(ids -> "" + ids[0]).toList() + (batch.images().isEmpty() ? "" : " with image"));
            started.release();
            while (!mayEnd.tryAcquire()) Interruption.check();
            if (failure != null) throw failure;
            Matrix vectors = Matrix.zeros(batch.ids().length, 1);
            for (int i = 0; i < batch.ids().length; i++) vectors.data()[i] = batch.ids()[i][0];
            return new EmbeddedBatch(vectors);
        }
    }

    private static PreparedInput text(int id, int tokens) {
        int[] ids = new int[tokens];
        ids[0] = id;
        return PreparedInput.of(ids, false, List.of());
    }

    private static PreparedInput prompt(int id, int image) {
        return PreparedInput.of(new int[] {id, 0}, false, List.of(new Image(image)));
    }

    /** Starts a caller and waits until its pass runs or it waits. */
    private Thread call(PreparedInput... inputs) throws InterruptedException {
        int before = waiting.count();
        int passesBefore = passes.size();
        String name = Arrays.stream(inputs).map(input -> "" + input.ids()[0]).toList().toString();
        Thread thread = Thread.ofVirtual().start(() -> {
            try (Reservation reservation = budget.reserve(0, 0, budget.ticket(), false, new WaitTime())) {
                EmbeddedInput[] results = queue.run(List.of(inputs), reservation, new WaitTime());
                ends.put(name, Arrays.deepToString(Arrays.stream(results).map(EmbeddedInput::values).toArray()));
            } catch (RuntimeException e) {
                ends.put(name, e.getMessage() + (Thread.currentThread().isInterrupted() ? "!" : ""));
            }
        });
        while (waiting.count() == before && passes.size() == passesBefore && thread.isAlive()) Thread.sleep(1);
        return thread;
    }

    private void endPass() throws InterruptedException {
        started.acquire();
        mayEnd.release();
    }

    private static void join(Thread... threads) throws InterruptedException {
        for (Thread thread : threads) thread.join();
    }

    @Test
    void thoseThatArriveDuringAPassShareTheNextOne() throws Exception {
        Thread[] calls = {call(text(1, 20)), call(text(2, 20)), call(text(3, 1), text(4, 1)), call(text(5, 20))};
        endPass();
        endPass();
        join(calls);

        assertThat(passes).containsExactly("[1]", "[2, 3, 4, 5]");
        assertThat(ends).containsEntry("[1]", "[[1.0]]").containsEntry("[2]", "[[2.0]]").containsEntry("[3, 4]", "[[3.0], [4.0]]")
                .containsEntry("[5]", "[[5.0]]");
        assertThat(queue.counts()).extracting(PassQueue.Counts::passes, PassQueue.Counts::inputs, PassQueue.Counts::tokens)
                .containsExactly(2L, 5L, 62L);
    }

    @Test
    void textsGoWithTextsAndPromptsWithThoseAboutTheSameImage() throws Exception {
        Thread[] calls = {call(text(1, 1)), call(prompt(2, 7)), call(text(3, 1)), call(prompt(4, 8)), call(prompt(5, 7)), call(text(6, 1))};
        for (int i = 0; i < 4; i++) endPass();
        join(calls);

        assertThat(passes).containsExactly("[1]", "[2, 5] with image", "[3, 6]", "[4] with image");
    }

    @Test
    void aPassKeepsToItsTokensInOrderOfArrival() throws Exception {
        Thread[] calls = {call(text(1, 1)), call(text(2, 400)), call(text(3, 200)), call(text(4, 100)), call(text(5, 1000))};
        for (int i = 0; i < 4; i++) endPass();
        join(calls);

        assertThat(passes).containsExactly("[1]", "[2, 4]", "[3]", "[5]");
    }

    @Test
    void aCallerThatIsInterruptedLeavesTheQueueOrThePass() throws Exception {
        Thread leader = call(text(1, 1));
        Thread waits = call(text(2, 1));
        Thread next = call(text(3, 1));
        Thread rides = call(text(4, 1));
        waits.interrupt();
        waits.join();
        endPass();
        leader.join();
        started.acquire();
        rides.interrupt();
        rides.join();
        assertThat(next.isAlive()).as("the pass goes on").isTrue();
        mayEnd.release();
        next.join();

        assertThat(passes).containsExactly("[1]", "[3, 4]");
        assertThat(ends).containsEntry("[2]", "interrupted!").containsEntry("[4]", "interrupted!").containsEntry("[3]", "[[3.0]]");
    }

    @Test
    void aLeaderThatIsInterruptedFinishesThePassForTheOthers() throws Exception {
        Thread first = call(text(1, 1));
        Thread leader = call(text(2, 1));
        Thread rides = call(text(3, 1));
        endPass();
        first.join();
        started.acquire();
        leader.interrupt();
        leader.join(100);
        assertThat(leader.isAlive()).as("still computing").isTrue();
        mayEnd.release();
        join(leader, rides);

        assertThat(ends).containsEntry("[2]", "interrupted!").containsEntry("[3]", "[[3.0]]");
    }

    @Test
    void aPassThatNobodyWantsEnds() throws Exception {
        Thread first = call(text(1, 1));
        Thread leader = call(text(2, 1));
        Thread rides = call(text(3, 1));
        Thread later = call(prompt(4, 1));
        endPass();
        first.join();
        started.acquire();
        rides.interrupt();
        leader.interrupt();
        join(rides, leader);
        endPass();
        later.join();

        assertThat(ends).containsEntry("[2]", "interrupted!").containsEntry("[3]", "interrupted!").containsEntry("[4]", "[[4.0]]");
    }

    @Test
    void aCallerThatIsAloneEndsSoon() throws Exception {
        Thread alone = call(text(1, 1));
        started.acquire();
        alone.interrupt();
        alone.join();

        assertThat(ends).containsEntry("[1]", "interrupted!");
    }

    @Test
    void aFailureReachesEveryoneInThePassAndNobodyElse() throws Exception {
        Thread first = call(text(1, 1));
        Thread leader = call(text(2, 1));
        Thread rides = call(text(3, 1));
        Thread later = call(prompt(4, 1));
        endPass();
        first.join();
        failure = new IllegalStateException("a disk failed");
        endPass();
        join(leader, rides);
        failure = null;
        endPass();
        later.join();

        assertThat(ends).containsEntry("[2]", "a disk failed").containsEntry("[3]", "a disk failed").containsEntry("[4]", "[[4.0]]");
    }

    @Test
    void workOfItsOwnRunsWhileNoPassDoes() throws Exception {
        Thread first = call(text(1, 1));
        Thread work = Thread.ofVirtual().start(() -> ends.put("work", queue.runAlone(() -> "after " + passes, new WaitTime())));
        while (waiting.count() == 0) Thread.sleep(1);
        Thread later = call(text(2, 1));
        endPass();
        work.join();
        endPass();
        join(first, later);

        assertThat(ends).containsEntry("work", "after [[1]]");
        assertThat(passes).containsExactly("[1]", "[2]");
    }

    @Test
    void waitingForAPassHasLimits() throws Exception {
        waiting = new WaitingCalls(Duration.ofMillis(100), 1);
        queue = queue();
        Thread first = call(text(1, 1));
        Thread waits = call(text(2, 1));
        assertThatThrownBy(() -> queue.run(List.of(text(3, 1)), null, new WaitTime())).isInstanceOf(Failure.Busy.class);
        waits.join();
        endPass();
        first.join();

        assertThat(ends).containsEntry("[2]", "busy").containsEntry("[1]", "[[1.0]]");
    }

    @Test
    void closingEndsThePassAndThoseThatWait() throws Exception {
        Thread first = call(text(1, 1));
        Thread waits = call(text(2, 1));
        started.acquire();
        waiting.abort();
        queue.signalAll();
        join(first, waits);

        assertThat(ends).containsEntry("[1]", "the model is closed").containsEntry("[2]", "the model is closed");
    }
}
