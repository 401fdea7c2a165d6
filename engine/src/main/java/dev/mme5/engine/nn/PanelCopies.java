package dev.mme5.engine.nn;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * Copies of a small model's weights in panels on the heap. With them a short text takes a third of the time. A weight is copied when it
 * is used for the second time, because a process that embeds one text ends before the copy has paid. All copies lie in one array: a large one
 * begins with a page, so their columns begin with a cache line ({@link PanelTensor#ARRAY_ALIGNMENT}), which kernels read faster.
 *
 * <p>Nothing is copied before {@link #allow}, which the owner of the model's memory calls if it has counted {@link #bytes}. The bits of
 * the results are the same with and without copies.
 */
public final class PanelCopies {
    private static final int MAX_FLOATS = Integer.MAX_VALUE - 8; // of an array

    private long floats = PanelTensor.ARRAY_ALIGNMENT;
    private volatile boolean allowed;
    private float[] array;

    /** A weight that is copied when that pays. */
    Weight weight(WeightMatrix stored) {
        long offset = floats;
        if (stored instanceof MappedTensor matrix) floats += PanelTensor.shape(matrix.rows(), matrix.cols()).elements();
        return new Weight(this, stored, offset);
    }

    /** Bytes of heap that the copies of all weights take. */
    public long bytes() {
        return floats == PanelTensor.ARRAY_ALIGNMENT ? 0 : Float.BYTES * floats;
    }

    /** Copies weights from now on. No array has room for more than eight gigabytes, so with more, none is copied. */
    public void allow() {
        allowed = floats <= MAX_FLOATS;
    }

    /** The copy; the weight as it is stored if others fill the heap. */
    private synchronized WeightMatrix copied(MappedTensor stored, long offset) {
        try {
            if (array == null) array = new float[(int) floats];
            return PanelTensor.copyToArray(stored, array, (int) offset);
        } catch (OutOfMemoryError full) {
            allowed = false; // no other weight tries again
            return stored;
        }
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
            current = copies.copied((MappedTensor) stored, offset);
            return current;
        }
    }
}
