package dev.mme5.engine.family;

/**
 * Memory of a forward pass, computed from the configuration alone by the code that allocates it. Sizes may be of passes that
 * no machine can run.
 */
public interface PassMemory {
    /**
     * Bytes of heap that the pass takes and gives back.
     *
     * @param tokens of all sequences together
     * @param images that the sequences are about, each the largest that the model takes; their prepared pixels count
     */
    long bytes(long tokens, int images);

    /** Rows of the largest matmul of such a pass. */
    long maxRows(long tokens, int images);

    /** Columns of the widest activations that such a pass multiplies. */
    int maxWidth(int images);
}
