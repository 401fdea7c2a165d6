package dev.mme5.engine.nn;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * Copies of a small model's weights in panels on the heap. With them a short text takes a third of the time. A weight is copied when it
 * is used for the second time, because a process that embeds one text ends before the copy has paid.
 *
 * <p>Nothing is copied before {@link #allow}, which the owner of the model's memory calls if it has counted {@link #bytes}. The bits of
 * the results are the same with and without copies.
 */
public final class PanelCopies {
    private long bytes;
    private volatile boolean allowed;

    /** A weight that is copied when that pays. */
    Weight weight(WeightMatrix stored) {
        if (stored instanceof MappedTensor floats) bytes += Float.BYTES * PanelTensor.shape(floats.rows(), floats.cols()).elements();
        return new Weight(this, stored);
    }

    /** Bytes of heap that the copies of all weights take. */
    public long bytes() {
        return bytes;
    }

    /** Copies weights from now on. */
    public void allow() {
        allowed = true;
    }

    /** The copy; the weight as it is stored if others fill the heap. */
    private static WeightMatrix copied(MappedTensor stored) {
        try {
            return PanelTensor.copyToArray(stored);
        } catch (OutOfMemoryError full) {
            return stored;
        }
    }

    /** One weight: as it is stored, or its copy. */
    static final class Weight {
        private static final int USES_BEFORE_COPY = 1;

        private final PanelCopies copies;
        private final WeightMatrix stored;
        private volatile WeightMatrix current;
        private int uses;

        /** @param copies null for a weight that is never copied */
        Weight(PanelCopies copies, WeightMatrix stored) {
            this.copies = copies;
            this.stored = stored;
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
            current = copied((MappedTensor) stored);
            return current;
        }
    }
}
