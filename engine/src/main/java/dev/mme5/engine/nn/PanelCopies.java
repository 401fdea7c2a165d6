package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.pool.ArrayAlignment;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.function.IntFunction;

/**
 * Copies of a small model's weights in panels on the heap. With them a short text takes a third of the time. A weight is copied when it
 * is used for the second time, because a process that embeds one text ends before the copy has paid. All copies lie in one array, so that
 * their columns begin with a cache line ({@link ArrayAlignment}), which matrix products read faster.
 *
 * <p>Nothing is copied before {@link #allow}, which the owner of the model's memory calls if it has counted {@link #bytes}. The bits of
 * the results are the same with and without copies.
 */
public final class PanelCopies {
    private static final int MAX_FLOATS = Integer.MAX_VALUE - 8; // of an array

    /**
     * Uses of weights after which a heap that was full is tried again; each failure doubles them, because it makes Java collect garbage.
     */
    static final int USES_AFTER_FAILURE = 1024;

    private final IntFunction<float[]> allocator;
    private long floats = ArrayAlignment.FLOATS;
    private volatile boolean allowed;
    private float[] array;
    private long pause = USES_AFTER_FAILURE;
    private long usesLeft; // until the array is tried again

    public PanelCopies() {
        this(float[]::new);
    }

    /** @param allocator makes the array */
    PanelCopies(IntFunction<float[]> allocator) {
        this.allocator = allocator;
    }

    /** A weight that is copied when that pays. */
    Weight weight(WeightMatrix stored) {
        long offset = floats;
        if (stored instanceof MappedTensor matrix) floats += PanelTensor.shape(matrix.rows(), matrix.cols()).elements();
        return new Weight(this, stored, offset);
    }

    /** Bytes of heap that the copies of all weights take. No array has room for more than eight gigabytes, so with more, none is copied. */
    public long bytes() {
        return floats == ArrayAlignment.FLOATS || floats > MAX_FLOATS ? 0 : Float.BYTES * floats;
    }

    /** Copies weights from now on. */
    public void allow() {
        allowed = bytes() > 0;
    }

    /** The array of all copies; null if others fill the heap. They may leave it, so it is tried again now and then. */
    private synchronized float[] array() {
        if (array != null || usesLeft-- > 0) return array;
        try {
            array = allocator.apply((int) floats);
        } catch (OutOfMemoryError full) {
            usesLeft = pause;
            pause *= 2;
        }
        return array;
    }

    /** One weight: as it is stored, or its copy. */
    static final class Weight {
        private static final int USES_BEFORE_COPY = 1;

        private final PanelCopies copies;
        private final WeightMatrix stored;
        private final long offset;
        private volatile WeightMatrix current;
        private int uses;

        /**
         * @param copies null for a weight that is never copied
         * @param offset of the copy in the array
         */
        Weight(PanelCopies copies, WeightMatrix stored, long offset) {
            this.copies = copies;
            this.stored = stored;
            this.offset = offset;
            this.current = copies != null && stored instanceof MappedTensor ? null : stored;
        }

        /** @param wantsPanels whether the kernels multiply panels faster */
        WeightMatrix get(boolean wantsPanels) {
            WeightMatrix known = current;
            if (known != null) return known;
            return wantsPanels && copies.allowed ? counted() : stored;
        }

        private synchronized WeightMatrix counted() {
            if (current != null) return current;
            if (uses++ < USES_BEFORE_COPY) return stored;
            float[] array = copies.array();
            if (array == null) return stored;
            current = PanelTensor.copyToArray((MappedTensor) stored, array, (int) offset);
            return current;
        }
    }
}
