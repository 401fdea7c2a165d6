package dev.mme5.engine.family;

import dev.mme5.engine.nn.PanelCopies;
import dev.mme5.engine.nn.StateCache;
import dev.mme5.engine.nn.Trace;

/**
 * A model with its weights. The bits of a vector depend on its own sequence and images alone, whatever else is in the batch.
 * Used by many threads at once; checks {@link dev.mme5.engine.nn.Interruption} once per layer.
 */
public interface EmbeddingNetwork {
    /**
     * Which state of an image these sequences read: images with equal content keys and equal variants have equal states. A family
     * whose states do not depend on the sequences gives a constant.
     *
     * @param ids token ids of each sequence about the image
     */
    Object stateVariant(int[][] ids);

    /**
     * The state of one image, of the variant that {@link #stateVariant} names for these sequences. A traced one is complete,
     * whatever the sequences, and its stages have a first dimension that counts images.
     */
    ImageState imageState(PreparedImage image, int[][] ids, Trace trace);

    /** Unit vectors of a batch. A traced batch has one sequence, and no row of it is skipped. */
    EmbeddedBatch embed(SequenceBatch batch, Trace trace);

    /** Counts the tokens that a pass computes: each token of each sequence, unless the network computes equal beginnings once. */
    default TokenCount tokenCount() {
        return TokenCount.all();
    }

    /** The states of beginnings of sequences that it keeps for later passes. */
    default StateCache prefixCache() {
        return StateCache.NONE;
    }

    /** The copies of weights on the heap that it makes once they are allowed; as if it had no weights to copy, unless it copies some. */
    default PanelCopies panelCopies() {
        return new PanelCopies();
    }
}
