package dev.mme5.engine.nn;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;

/**
 * Copies of a small model's weights in panels on the heap. With them a short text takes a third of the time. A weight is copied when it
 * is used for the second time, because a process that embeds one text ends before the copy has paid.
 *
 * <p>All copies together take at most an eighth of the heap's limit; of a larger model there are none. The bits of the results are the
 * same with and without them.
 */
public final class PanelCopies {
    private static final int HEAP_SHARE = 8;

    private final long maxBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    private long bytes;

    /** A weight that is copied when that pays. */
    Weight weight(WeightMatrix stored) {
        bytes += (long) stored.rows() * stored.cols() * Float.BYTES;
        return new Weight(this, stored);
    }

    private WeightMatrix copied(MappedTensor stored) {
        return bytes <= maxBytes ? PanelTensor.copyToArray(stored) : stored;
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
            return wantsPanels ? counted() : stored;
        }

        private synchronized WeightMatrix counted() {
            if (current != null) return current;
            if (uses++ < USES_BEFORE_COPY) return stored;
            current = copies.copied((MappedTensor) stored);
            return current;
        }
    }
}
