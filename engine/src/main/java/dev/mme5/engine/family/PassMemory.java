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
     * @param sequences at least 1
     * @param images that the sequences are about, each the largest that the model takes; as they are prepared, they do not count
     */
    long bytes(long tokens, long sequences, int images);

    /** Bytes of heap that so many prepared images take, each the largest that the model takes. */
    default long preparedBytes(int images) {
        return 0;
    }

    /** Bytes of heap that the kernels retain for each thread besides, where weights are copied. */
    default long bytesOfThread() {
        return 0;
    }

    /** Tokens of a batch beyond which throughput no longer grows. */
    default int maxBatchTokens() {
        return 512;
    }

    /** Rows of the largest matmul of such a pass. */
    long maxRows(long tokens, int images);

    /** Columns of the widest activations that such a pass multiplies. */
    int maxWidth(int images);
}
