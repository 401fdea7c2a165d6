package dev.mme5.engine.runtime.memory;

/**
 * The part of a {@link MemoryBudget} that one call has: bytes that it holds now, and bytes that its next pass will take. Because one
 * pass runs at a time, the budget counts only the largest of the passes. A call that has to wait for memory closes its reservation
 * first, so calls never wait for each other in a circle. Used by several threads at once.
 */
public final class Reservation implements AutoCloseable {
    private final MemoryBudget budget;
    /** Guarded by the budget's lock, as is {@link #pass}. */
    long held;

    long pass;
    boolean closed;

    Reservation(MemoryBudget budget, long held, long pass) {
        this.budget = budget;
        this.held = held;
        this.pass = pass;
    }

    /** Bytes held, without the pass. */
    public long held() {
        return budget.held(this);
    }

    /** Holds more bytes while no pass of this call runs; false, and nothing changes, if they are not free now. */
    public boolean tryHold(long bytes) {
        return budget.tryHold(this, bytes, false);
    }

    /** Holds more bytes beside the pass of this call, if they are free and no other call waits. */
    public boolean tryHoldBesidePass(long bytes) {
        return budget.tryHold(this, bytes, true);
    }

    /** Frees bytes that were held. */
    public void release(long bytes) {
        budget.release(this, bytes);
    }

    /**
     * Raises the pass to that of so many tokens and images; false, and nothing changes, if the memory is not free now.
     *
     * @param sequences of the pass
     */
    public boolean tryPass(long tokens, long sequences, int images) {
        return budget.tryPass(this, tokens, sequences, images);
    }

    /** Frees everything. Closing twice is harmless. */
    @Override
    public void close() {
        budget.close(this);
    }
}
