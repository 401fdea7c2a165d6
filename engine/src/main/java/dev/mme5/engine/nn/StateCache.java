package dev.mme5.engine.nn;

/** States that a network keeps because they may be read again; only time depends on them. */
public interface StateCache {
    /** A cache that never holds anything. */
    StateCache NONE = new StateCache() {
        @Override
        public void limit(long bytes) {}

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public long allowance() {
            return 0;
        }

        @Override
        public void shrink(long max) {}
    };

    /** Holds at most that many bytes from now on; 0, as at the beginning, turns it off. */
    void limit(long bytes);

    /** Bytes of heap that it holds. */
    long bytes();

    /** Bytes of heap that it may hold without another call of {@link #shrink} or {@link #limit}. */
    long allowance();

    /** Evicts until it holds at most that many bytes, which it does not exceed until the next call. */
    void shrink(long max);
}
