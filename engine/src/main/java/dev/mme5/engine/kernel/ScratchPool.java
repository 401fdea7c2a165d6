package dev.mme5.engine.kernel;

import java.util.ArrayDeque;

/** Arrays of floats that tasks borrow, so that a pass does not allocate. Keeps a bounded number of them, all of one size. */
final class ScratchPool {
    private final int size;
    private final int kept;
    private final ArrayDeque<float[]> free;

    ScratchPool(int size, int kept) {
        this.size = size;
        this.kept = kept;
        this.free = new ArrayDeque<>(kept);
    }

    /** An array of unknown contents. */
    float[] take() {
        synchronized (free) {
            if (!free.isEmpty()) return free.pop();
        }
        return new float[size];
    }

    void giveBack(float[] array) {
        synchronized (free) {
            if (free.size() < kept) free.push(array);
        }
    }
}
