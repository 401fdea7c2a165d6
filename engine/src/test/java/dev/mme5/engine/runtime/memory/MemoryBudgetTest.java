package dev.mme5.engine.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.nn.StateCache;
import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.ImageState;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.engine.runtime.waiting.WaitingCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MemoryBudgetTest {
    /** A pass of one byte a token; calls may hold 10,000 bytes alone, and so much less side by side. */
    private final MemoryEstimate estimate = new MemoryEstimate(new ByteForEachToken(), 100, 1000, Optional.empty(), 2, 0, 0);
    private final MemoryCheck memory = new MemoryCheck(estimate, estimate.idle() + LIMIT, Long.MAX_VALUE);
    private final ImageStateCache cache = new ImageStateCache(Long.MAX_VALUE);
    private WaitingCalls waiting = new WaitingCalls(null, 0);
    private MemoryBudget budget = new MemoryBudget(memory, new StateCaches(cache, StateCache.NONE), waiting);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private static final long LIMIT = 100L << 20;
    private static final long MB = 1 << 20;

    private record ByteForEachToken() implements PassMemory {
        @Override
        public long bytes(long tokens, long sequences, int images) {
            return tokens;
        }

        @Override
        public long maxRows(long tokens, int images) {
            return tokens;
        }

        @Override
        public int maxWidth(int images) {
            return 8;
        }
    }

    private record State(long bytes) implements ImageState {}

    private Reservation reserve(long bytes, long pass) {
        return budget.reserve(bytes, pass, budget.ticket(), false, new WaitTime());
    }

    private Thread waiter(String name, long bytes, long pass) throws InterruptedException {
        int before = waiting.count();
        Thread thread = Thread.ofVirtual().start(() -> {
            try (Reservation reservation = reserve(bytes, pass)) {
                order.add(name + " with " + reservation.held() / MB);
            } catch (Failure e) {
                order.add(name + " " + e.getMessage());
            }
        });
        while (waiting.count() == before && thread.isAlive()) Thread.sleep(1);
        return thread;
    }

    private void cacheStates(int count, long bytes) {
        for (byte i = 0; i < count; i++) cache.put(new ImageStateCache.Key(ByteBuffer.wrap(new byte[] {i}), false), new State(bytes));
    }

    @Test
    void callsAreLetInInOrderOfArrival() throws Exception {
        Reservation first = reserve(30 * MB, 0);
        Thread large = waiter("large", 90 * MB, 0);
        Thread small = waiter("small", 1, 0);

        assertThat(order).as("the small one would fit, but came later").isEmpty();
        first.close();
        large.join();
        small.join();
        assertThat(order).containsExactly("large with 90", "small with 0");
        assertThat(budget.bytesReserved()).isZero();
    }

    /** Whoever came first is let in first, however many calls of the other size keep coming. */
    @ParameterizedTest
    @CsvSource({"10, 100", "100, 10"})
    void callsThatKeepComingStarveNoneOfAnotherSize(int megabytesOfMany, int megabytesOfOne) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong last = new AtomicLong();
        List<Thread> many = new ArrayList<>();
        Reservation first = reserve(100 * MB, 0);
        for (int i = 0; i < 5; i++) {
            many.add(Thread.ofPlatform().daemon().start(() -> { // virtual ones would leave no carrier to the one
                while (!enough.get()) {
                    long ticket = budget.ticket();
                    Reservation reservation = budget.reserve(megabytesOfMany * MB, 0, ticket, false, new WaitTime());
                    last.accumulateAndGet(ticket, Math::max);
                    reservation.close();
                }
            }));
        }
        for (int i = 0; i < 10; i++) {
            while (waiting.count() < many.size()) Thread.sleep(1);
            AtomicLong before = new AtomicLong();
            Thread one = Thread.ofPlatform().daemon().start(() -> {
                Reservation reservation = reserve(megabytesOfOne * MB, 0);
                before.set(last.get());
                reservation.close();
            });
            while (waiting.count() <= many.size()) Thread.sleep(1);
            long arrived = budget.ticket();
            first.close();
            one.join();
            assertThat(before.get()).as("the last one let in before it").isLessThan(arrived);
            first = reserve(100 * MB, 0);
        }
        enough.set(true);
        first.close();
        for (Thread thread : many) thread.join();
        assertThat(budget.bytesReserved()).isZero();
    }

    /** Many more than there are carriers: if a wait kept one, not all could begin to wait. */
    @Test
    void virtualThreadsThatWaitKeepNoCarrier() throws Exception {
        Reservation first = reserve(100 * MB, 0);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) threads.add(waiter("w", 1, 0));

        assertThat(waiting.count()).isEqualTo(threads.size());
        Thread other = Thread.ofVirtual().start(() -> order.add("other"));
        other.join();
        assertThat(order).containsExactly("other");
        first.close();
        for (Thread thread : threads) thread.join();
    }

    @Test
    void onlyTheLargestPassCounts() {
        Reservation a = reserve(0, 50 * MB);
        Reservation b = reserve(0, 60 * MB);
        Reservation c = reserve(5 * MB, 60 * MB);

        assertThat(budget.bytesReserved()).isEqualTo(65 * MB);
        b.close();
        c.close();
        assertThat(budget.bytesReserved()).isEqualTo(50 * MB);
        a.close();
        a.close();
        assertThat(budget.bytesReserved()).isZero();
    }

    @Test
    void aCallThatIsAloneMayUseEverything() {
        try (Reservation alone = reserve(0, 90 * MB)) {
            assertThat(alone.tryHold(100 * MB)).as("it decodes before its pass").isTrue();
            alone.release(20 * MB);
            assertThat(alone.tryHoldBesidePass(20 * MB)).as("beside its pass").isFalse();
            assertThat(alone.tryHold(21 * MB)).isFalse();
        }
    }

    /** Such a heap takes a short text, but has less than the largest pass would retain. */
    @Test
    void inASmallHeapACallThatFitsWaitsForNoOther() throws Exception {
        MemoryCheck small = new MemoryCheck(estimate, estimate.text(20), Long.MAX_VALUE);
        assertThat(small.fits(20, 0)).isTrue();
        assertThat(estimate.idle()).isGreaterThan(small.heapBytes());
        budget = new MemoryBudget(small, new StateCaches(cache, StateCache.NONE), waiting);

        Reservation first = reserve(0, 20);
        Thread second = waiter("second", 0, 20);
        assertThat(first.tryHold(1)).as("for an image").isFalse();
        first.close();
        second.join();

        assertThat(order).containsExactly("second with 0");
    }

    @Test
    void callsSideBySideLeaveAMargin() {
        try (Reservation a = reserve(20 * MB, 0); Reservation b = reserve(0, 0)) {
            assertThat(b.tryHold(80 * MB)).isFalse();
            assertThat(b.tryHold(80 * MB - memory.heapBytes() / 4)).isTrue();
            assertThat(a.tryHold(1)).isFalse();
        }
    }

    @Test
    void cachedStatesGiveWayBeforeACallWaits() {
        cacheStates(9, 10 * MB);

        try (Reservation a = reserve(30 * MB, 0)) {
            assertThat(cache.bytes()).isEqualTo(40 * MB);
            assertThat(a.tryPass(20 * MB, 1, 0)).isTrue();
            budget.evictForPass();
            assertThat(cache.bytes()).isEqualTo(20 * MB);
        }
    }

    @Test
    void decodingAheadEvictsNothingThatThePassMayNeed() {
        cacheStates(4, 10 * MB);
        try (Reservation a = reserve(0, 50 * MB)) {
            assertThat(a.tryHoldBesidePass(11 * MB)).isFalse();
            assertThat(a.tryHoldBesidePass(10 * MB)).isTrue();
            assertThat(cache.bytes()).isEqualTo(40 * MB);
        }
    }

    @Test
    void aPassDoesNotGrowBeforeOneThatWaits() throws Exception {
        Reservation a = reserve(0, 10 * MB);
        Reservation b = reserve(0, 5 * MB);
        assertThat(b.tryPass(20 * MB, 1, 0)).isTrue();
        Thread large = waiter("large", 95 * MB, 0);

        assertThat(a.tryPass(20 * MB, 2, 0)).as("as large as another").isTrue();
        assertThat(a.tryPass(21 * MB, 2, 0)).isFalse();
        assertThat(budget.hasWaiting()).isTrue();
        a.close();
        b.close();
        large.join();
        assertThat(budget.hasWaiting()).isFalse();
    }

    @Test
    void bytesOfCallersDelayOthersButNotOneAlone() throws Exception {
        budget.addCallerBytes(200 * MB);
        Reservation alone = reserve(100 * MB, 0);
        Thread other = waiter("other", 0, 1);
        assertThat(order).isEmpty();
        alone.close();
        other.join();
        assertThat(order).containsExactly("other with 0");
    }

    /** A closed reservation is out of the sums: what it took or gave back later would be missing for ever. */
    @Test
    void aClosedReservationTakesAndGivesNothing() {
        Reservation closed = reserve(30 * MB, 0);
        closed.close();

        assertThat(closed.tryHold(MB)).isFalse();
        assertThat(closed.tryHoldBesidePass(MB)).isFalse();
        assertThat(closed.tryPass(MB, 1, 0)).isFalse();
        closed.release(MB);
        assertThat(budget.bytesReserved()).isZero();
    }

    @Test
    void anInterruptedCallLeavesTheQueue() throws Exception {
        Reservation first = reserve(30 * MB, 0);
        Thread large = waiter("large", 95 * MB, 0);
        Thread small = waiter("small", 1, 0);

        large.interrupt();
        large.join();
        small.join();

        assertThat(order).containsExactlyInAnyOrder("large interrupted", "small with 0"); // by two threads
        first.close();
    }

    @Test
    void waitingHasLimits() throws Exception {
        waiting = new WaitingCalls(Duration.ofMillis(50), 1);
        budget = new MemoryBudget(memory, new StateCaches(cache, StateCache.NONE), waiting);
        Reservation first = reserve(30 * MB, 0);
        Thread large = waiter("large", 95 * MB, 0);

        assertThatThrownBy(() -> reserve(95 * MB, 0)).isInstanceOfSatisfying(Failure.Busy.class, busy -> {
            assertThat(busy.ahead()).isEqualTo(1);
            assertThat(busy.waited()).isZero();
        });
        large.join();
        assertThat(order).containsExactly("large busy");
        try (Reservation small = reserve(1, 0)) {
            assertThat(small.held()).isEqualTo(1);
        }
        first.close();
    }

    @Test
    void anUrgentCallDoesNotWait() {
        Reservation outer = reserve(100 * MB, 0);
        try (Reservation inner = budget.reserve(10 * MB, 5, budget.ticket(), true, new WaitTime())) {
            assertThat(inner.held()).isEqualTo(10 * MB);
        }
        outer.close();
        assertThat(budget.bytesReserved()).isZero();
    }

    @Test
    void closingTheModelEndsAllWaits() throws Exception {
        Reservation first = reserve(100 * MB, 0);
        Thread waits = waiter("waits", 1, 0);

        waiting.abort();
        budget.signalAll();
        waits.join();

        assertThat(order).containsExactly("waits the model is closed");
        first.close();
    }
}
