package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.nn.Buffers;

/**
 * Memory of a pass, by the code that allocates it. There are no images.
 *
 * @param modes how many vectors follow one another in that of a text
 */
record EncoderMemoryEstimate(EncoderConfig config, int modes) implements PassMemory {
    @Override
    public long bytes(long tokens, long sequences, int images) {
        return Buffers.bytes(counter -> {
            EncoderActivations.allocate(config, tokens, counter);
            counter.matrix(sequences, (long) modes * config.hidden());
        });
    }

    @Override
    public long bytesOfThread() {
        return Float.BYTES * ChunkLimits.retainedFloats(config.hidden(), config.mlpHidden());
    }

    @Override
    public int maxBatchTokens() {
        return 1024;
    }

    @Override
    public long maxRows(long tokens, int images) {
        return tokens;
    }

    @Override
    public int maxWidth(int images) {
        return Math.max(config.hidden(), config.mlpHidden());
    }
}
