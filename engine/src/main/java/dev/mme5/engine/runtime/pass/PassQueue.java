package dev.mme5.engine.runtime.pass;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.EmbeddedBatch;
import dev.mme5.engine.family.TokenCount;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import dev.mme5.engine.runtime.memory.Reservation;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.engine.runtime.waiting.WaitingCalls;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one pass run at a time, in order of arrival. A caller that finds no pass running leads one on its own thread at once. Others
 * wait. When a pass ends, the first of them leads the next one, and takes with it as many others as fit: texts go with texts, prompts
 * with those about the same images. So the pass is as large as the load, and no vector depends on what it was packed with.
 *
 * <p>A caller that is interrupted leaves at once. The pass goes on for the others in it, and ends soon if there are none. A leader that
 * is interrupted finishes the pass for the others.
 */
public final class PassQueue {
    private final ForwardPass forward;
    private final MemoryBudget budget;
    private final WaitingCalls waiting;
    private final int maxTokens;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<Entry> queue = new LinkedHashSet<>();
    private boolean running;
    private long passes;
    private long inputs;
    private long tokens;
    private long tokensShared;
    private long tokensCached;
    private long nanos;

    private enum State {
        WAITING, LEADING, RIDING, DONE
    }

    /** What one caller brings: inputs that share a pass, or work that needs a pass for itself. Guarded by the lock. */
    private final class Entry {
        private final List<PreparedInput> inputs;
        private final Supplier<?> work;
        private final Condition changed = lock.newCondition();
        private final Pass own = new Pass(); // made before anything can be left half done
        private State state = State.WAITING;
        private Pass pass;
        private EmbeddedInput[] results;
        private Throwable failure;

        Entry(List<PreparedInput> inputs, Supplier<?> work) {
            this.inputs = inputs;
            this.work = work;
        }
    }

    /** A pass that runs, and who is still interested in it. */
    private final class Pass {
        private final ArrayList<Entry> entries = new ArrayList<>(1);
        private final List<PreparedInput> inputs = new ArrayList<>();
        private TokenCount tokens;
        private long shared;
        private long cached;
        private boolean leaderLeft;
        /** Callers that have not left; written with the lock held. */
        private volatile int callers;

        void add(Entry entry) {
            entry.pass = this;
            entries.add(entry);
            callers++;
            if (tokens != null) count(entry.inputs);
            inputs.addAll(entry.inputs);
        }

        /** Counts tokens from now on: a caller that is alone needs no count. */
        void countTokens() {
            tokens = forward.tokenCount();
            count(inputs);
        }

        private void count(List<PreparedInput> more) {
            for (PreparedInput input : more) tokens.add(input.ids());
        }

        /** Tokens with one more entry; those that its inputs share with each other are counted more than once. */
        int tokensWith(Entry entry) {
            int added = entry.inputs.stream().mapToInt(input -> tokens.added(input.ids())).sum();
            return Math.addExact(tokens.total(), added);
        }

        void leave() {
            callers--;
        }

        /** Called by the leader between layers. */
        void check() {
            waiting.requireOpen();
            if (!leaderLeft && Thread.currentThread().isInterrupted()) {
                leaderLeft = true;
                lock.lock();
                try {
                    leave();
                } finally {
                    lock.unlock();
                }
            }
            if (callers == 0) throw new Failure.Cancelled("interrupted");
        }
    }

    public PassQueue(ForwardPass forward, MemoryBudget budget, WaitingCalls waiting) {
        this.forward = forward;
        this.budget = budget;
        this.waiting = waiting;
        this.maxTokens = budget.memory().batchTokens();
    }

    /** Counts the tokens of inputs that share a pass. */
    public TokenCount tokenCount() {
        return forward.tokenCount();
    }

    /** Tokens that inputs of one pass should have together at most; a single input may have more. */
    public int maxTokens() {
        return maxTokens;
    }

    /**
     * Embeds inputs that share a pass, perhaps together with those of other callers.
     *
     * @param reservation of the caller, with memory for the pass of these inputs
     * @return a result for each
     * @throws Failure.Cancelled when the thread is interrupted
     */
    public EmbeddedInput[] run(List<PreparedInput> inputs, Reservation reservation, WaitTime time) {
        Entry entry = new Entry(inputs, null);
        if (enter(entry, time)) lead(entry, reservation);
        if (entry.failure != null) throw rethrown(entry.failure);
        return entry.results;
    }

    /** Runs something while no pass runs. */
    public <T> T runAlone(Supplier<T> work, WaitTime time) {
        Entry entry = new Entry(List.of(), work);
        enter(entry, time);
        try {
            return work.get();
        } finally {
            lock.lock();
            try {
                handOver();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits until the entry leads, or until it has its result; whether it leads. */
    private boolean enter(Entry entry, WaitTime time) {
        lock.lock();
        try {
            waiting.requireOpen();
            if (!running && queue.isEmpty()) {
                running = true;
                entry.state = State.LEADING;
                return true;
            }
            queue.add(entry);
            waiting.await(entry.changed, () -> entry.state != State.WAITING, time);
            while (entry.state == State.RIDING) entry.changed.await();
            return entry.state == State.LEADING;
        } catch (InterruptedException e) {
            leave(entry);
            Thread.currentThread().interrupt();
            throw new Failure.Cancelled("interrupted");
        } catch (Throwable e) {
            leave(entry);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Entry entry) {
        switch (entry.state) {
            case WAITING -> queue.remove(entry);
            case RIDING -> entry.pass.leave();
            case LEADING -> handOver();
            case DONE -> {}
        }
    }

    /** Lets the first caller that waits lead the next pass. */
    private void handOver() {
        running = !queue.isEmpty();
        if (running) {
            Entry next = queue.removeFirst();
            next.state = State.LEADING;
            next.changed.signal();
        }
    }

    /** Runs a pass with this entry and others. */
    private void lead(Entry leader, Reservation reservation) {
        Pass pass = leader.own;
        long start = System.nanoTime();
        Throwable failure = null;
        try {
            gather(pass, leader, reservation);
            split(Interruption.within(pass::check, () -> forward.run(pass.inputs)), pass);
        } catch (Throwable e) {
            failure = e;
        }
        end(pass, failure, System.nanoTime() - start);
        if (pass.leaderLeft && failure == null) throw new Failure.Cancelled("interrupted");
    }

    private void gather(Pass pass, Entry leader, Reservation reservation) {
        lock.lock();
        try {
            pass.add(leader);
            if (queue.isEmpty()) return;
            pass.countTokens();
            pass.entries.ensureCapacity(queue.size() + 1);
            for (Iterator<Entry> entries = queue.iterator(); entries.hasNext() && pass.tokens.total() < maxTokens;) {
                Entry entry = entries.next();
                if (!takes(pass, entry, reservation)) continue;
                entries.remove();
                entry.state = State.RIDING;
                pass.add(entry);
                entry.changed.signal(); // it no longer waits, which ends its limit
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean takes(Pass pass, Entry entry, Reservation reservation) {
        PreparedInput first = pass.inputs.getFirst();
        if (entry.work != null || !first.canShareAPassWith(entry.inputs.getFirst())) return false;
        int together = pass.tokensWith(entry);
        return together <= maxTokens
                && reservation.tryPass(together, pass.inputs.size() + entry.inputs.size(), first.images().size());
    }

    private static void split(EmbeddedBatch batch, Pass pass) {
        int row = 0;
        for (Entry entry : pass.entries) {
            entry.results = new EmbeddedInput[entry.inputs.size()];
            for (int i = 0; i < entry.results.length; i++, row++) {
                entry.results[i] = new EmbeddedInput(batch.vectors().rows(row, row + 1).toArray(), batch.sharedTokens()[row]);
                pass.shared += entry.results[i].sharedTokens();
            }
        }
        pass.cached = batch.cachedTokens();
    }

    /** Ends the pass for everyone in it and lets the next one begin. Allocates nothing. */
    private void end(Pass pass, Throwable failure, long took) {
        lock.lock();
        try {
            for (Entry entry : pass.entries) {
                entry.failure = failure;
                entry.state = State.DONE;
                entry.changed.signal();
            }
            passes++;
            inputs += pass.inputs.size();
            for (PreparedInput input : pass.inputs) tokens += input.ids().length;
            tokensShared += pass.shared;
            tokensCached += pass.cached;
            nanos += took;
            handOver();
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(failure); // a pass cannot throw checked exceptions
        }
    }

    /** Counts inputs that are embedded without a pass, since an equal one of the same call was. */
    public void countCopies(int copies, int tokensOfEach) {
        lock.lock();
        try {
            inputs += copies;
            tokens += (long) copies * tokensOfEach;
            tokensShared += (long) copies * tokensOfEach;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits; called after {@link WaitingCalls#abort}, which ends the pass that runs. */
    public void signalAll() {
        lock.lock();
        try {
            for (Entry entry : queue) entry.changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts so far.
     *
     * @param tokens of all inputs
     * @param tokensShared of those, not computed for their input
     * @param tokensCached of these, known from earlier passes
     * @param images whose states were computed
     * @param nanos during which a pass ran
     */
    public record Counts(long passes, long inputs, long tokens, long tokensShared, long tokensCached, long images, long nanos) {}

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(passes, inputs, tokens, tokensShared, tokensCached, forward.images(), nanos);
        } finally {
            lock.unlock();
        }
    }
}
