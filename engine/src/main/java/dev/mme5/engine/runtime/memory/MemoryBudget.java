package dev.mme5.engine.runtime.memory;

import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.engine.runtime.waiting.WaitingCalls;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The heap of an open model. Everything of size is reserved before it is allocated, and cached states are evicted before any
 * call waits. Calls get memory in order of arrival: a small call waits behind a large one, so none starves.
 *
 * <p>In use are the bytes that calls hold (files, pixels, prepared images), the largest pass of them, as one pass runs at a time, and
 * the caches. A call that is alone may use the whole heap, and its pass may take the bytes that decoding took. Calls that hold files or
 * images side by side leave a quarter of the heap free, because a collector cannot fill it to the last byte with large arrays.
 */
public final class MemoryBudget {
    /** Of the heap: left free when several calls hold parts of it. G1 alone keeps a tenth in reserve, beside its young generation. */
    private static final int MARGIN_DIVISOR = 4;

    private final MemoryCheck memory;
    private final StateCaches caches;
    private final WaitingCalls waiting;
    private final long limit;
    private final long margin;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Ask> queue = new TreeMap<>();
    private final TreeMap<Long, Integer> passes = new TreeMap<>();
    private final AtomicLong tickets = new AtomicLong();
    private long held;
    private long callerBytes;
    private int reservations;

    /** A call that waits. */
    private final class Ask {
        private final long bytes;
        private final long pass;
        private final Condition changed = lock.newCondition();
        private Reservation granted;

        Ask(long bytes, long pass) {
            this.bytes = bytes;
            this.pass = pass;
        }
    }

    public MemoryBudget(MemoryCheck memory, StateCaches caches, WaitingCalls waiting) {
        this.memory = memory;
        this.caches = caches;
        this.waiting = waiting;
        this.limit = memory.bytesToDecode();
        this.margin = memory.heapBytes() / MARGIN_DIVISOR;
    }

    public MemoryCheck memory() {
        return memory;
    }

    public StateCaches caches() {
        return caches;
    }

    /** Bytes that one call may hold when it is alone and no pass runs. */
    public long limit() {
        return limit;
    }

    /** The place of a call in the order of arrival. A call that has to ask again keeps its ticket. */
    public long ticket() {
        return tickets.getAndIncrement();
    }

    /**
     * Reserves memory; waits until it is free.
     *
     * @param bytes to hold now, at most {@link #limit}
     * @param pass bytes of the pass that follows; must fit when the call is alone
     * @param urgent whether to take the memory without waiting: for a call from inside another one, which holds memory meanwhile
     */
    public Reservation reserve(long bytes, long pass, long ticket, boolean urgent, WaitTime time) {
        lock.lock();
        try {
            boolean first = queue.isEmpty() || queue.firstKey() > ticket;
            if (urgent || first && fits(bytes, pass, reservations == 0)) return grant(bytes, pass);
            return await(new Ask(bytes, pass), ticket, time);
        } finally {
            lock.unlock();
        }
    }

    private Reservation await(Ask ask, long ticket, WaitTime time) {
        queue.put(ticket, ask);
        try {
            waiting.await(ask.changed, () -> ask.granted != null, time);
            return ask.granted;
        } catch (Throwable e) {
            queue.remove(ticket);
            if (ask.granted != null) remove(ask.granted);
            admit();
            throw e;
        }
    }

    /** Whether so much more may be taken; evicts cached states to make room for it. */
    private boolean fits(long bytes, long pass, boolean alone) {
        boolean shared = held + bytes > 0; // else there is nothing but one pass
        long free = limit - (shared ? margin : 0) - callerBytes - held - bytes - Math.max(pass, largestPass());
        if (free < 0 && alone) free = limit - held - bytes;
        if (free < 0) return false;
        caches.shrink(free);
        return true;
    }

    private long largestPass() {
        return passes.isEmpty() ? 0 : passes.lastKey();
    }

    private Reservation grant(long bytes, long pass) {
        Reservation reservation = new Reservation(this, bytes, pass);
        passes.merge(pass, 1, Integer::sum);
        held += bytes;
        reservations++;
        return reservation;
    }

    /** Lets in the calls that wait, in order, as far as they fit. */
    private void admit() {
        while (!queue.isEmpty()) {
            Ask ask = queue.firstEntry().getValue();
            if (!fits(ask.bytes, ask.pass, reservations == 0)) return;
            queue.pollFirstEntry();
            ask.granted = grant(ask.bytes, ask.pass);
            ask.changed.signal();
        }
    }

    /** Whether calls wait for memory. */
    public boolean hasWaiting() {
        lock.lock();
        try {
            return !queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    long held(Reservation reservation) {
        lock.lock();
        try {
            return reservation.held;
        } finally {
            lock.unlock();
        }
    }

    boolean tryHold(Reservation reservation, long bytes, boolean besidePass) {
        lock.lock();
        try {
            if (reservation.closed || besidePass && !queue.isEmpty()) return false;
            boolean fits = besidePass && reservations == 1 ? fitsBesidePass(bytes) : fits(bytes, 0, reservations == 1 && !besidePass);
            if (!fits) return false;
            reservation.held += bytes;
            held += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the only call may hold more during its pass; evicts nothing that the pass may need. */
    private boolean fitsBesidePass(long bytes) {
        return limit - held - bytes - largestPass() - caches.allowance() >= 0;
    }

    void release(Reservation reservation, long bytes) {
        lock.lock();
        try {
            if (reservation.closed) return; // all is free already
            reservation.held -= bytes;
            held -= bytes;
            admit();
        } finally {
            lock.unlock();
        }
    }

    boolean tryPass(Reservation reservation, long tokens, long sequences, int images) {
        long pass = memory.estimate().pass(tokens, sequences, images);
        lock.lock();
        try {
            if (reservation.closed) return false;
            if (pass <= reservation.pass) return true;
            boolean fits = pass <= largestPass() || queue.isEmpty() && fits(0, pass, false)
                    || reservations == 1 && memory.fits(tokens, sequences, images);
            if (!fits) return false;
            removePass(reservation.pass);
            passes.merge(pass, 1, Integer::sum);
            reservation.pass = pass;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void removePass(long pass) {
        passes.computeIfPresent(pass, (bytes, count) -> count == 1 ? null : count - 1);
    }

    void close(Reservation reservation) {
        lock.lock();
        try {
            if (reservation.closed) return;
            remove(reservation);
            admit();
        } finally {
            lock.unlock();
        }
    }

    private void remove(Reservation reservation) {
        reservation.closed = true;
        held -= reservation.held;
        removePass(reservation.pass);
        reservations--;
    }

    /** Evicts what the pass that runs next, the largest one, may need. */
    public void evictForPass() {
        lock.lock();
        try {
            caches.shrink(Math.max(0, limit - held - largestPass()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts bytes that callers hold for calls that wait or run, such as files in memory. They delay calls that would run side by
     * side, never one that is alone.
     *
     * @param more negative when a call ends
     */
    public void addCallerBytes(long more) {
        lock.lock();
        try {
            callerBytes += more;
            if (more < 0) admit();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes in use: what calls hold, their largest pass, and the cache. */
    public long bytesReserved() {
        lock.lock();
        try {
            return held + largestPass() + caches.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits; called after {@link WaitingCalls#abort}. */
    public void signalAll() {
        lock.lock();
        try {
            for (Ask ask : queue.values()) ask.changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
