package dev.mme5.engine.nn;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies of a small model's weights in panels, in memory outside the heap. With them a short text takes a third of the time. A weight
 * is copied when it is used for the second time, because a process that embeds one text ends before the copy has paid.
 *
 * <p>The memory is freed with the model, by the garbage collector. Where there is too little, weights stay as they are: the bits of the
 * results are the same.
 */
public final class PanelCopies {
    /** Of all copies of a model: enough for encoders of 110 million parameters. */
    private static final long MAX_BYTES = 512L << 20;

    private final Arena memory = Arena.ofAuto();
    private final AtomicLong bytesLeft = new AtomicLong(MAX_BYTES);

    /** A weight that is copied when that pays. */
    Weight weight(WeightMatrix stored) {
        return new Weight(this, stored);
    }

    private WeightMatrix copied(MappedTensor stored) {
        long bytes = (long) stored.rows() * stored.cols() * Float.BYTES;
        if (bytesLeft.addAndGet(-bytes) < 0) return stored;
        try {
            return PanelTensor.copyOf(stored, memory);
        } catch (OutOfMemoryError e) {
            bytesLeft.set(0);
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
