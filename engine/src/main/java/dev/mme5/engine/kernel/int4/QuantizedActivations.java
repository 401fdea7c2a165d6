package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * The tokens of a product with four-bit weights as {@link ActivationQuantizer}: of every token all its blocks of 32, one behind the other,
 * and their scales.
 */
final class QuantizedActivations {
    /** Values that are encoded in one task at least. */
    private static final int TASK = 16_384;

    private int[] codes = new int[0];
    private float[] scales = new float[0];
    private int blocks;

    /** [tokens, blocks, BLOCK_INTS] of what was encoded last. */
    int[] codes() {
        return codes;
    }

    /** [tokens, blocks] of what was encoded last. */
    float[] scales() {
        return scales;
    }

    /** Blocks of a token, the last of which may be padded with zeros. */
    int blocks() {
        return blocks;
    }

    void encode(Matrix x, WorkerPool pool) {
        blocks = Math.ceilDiv(x.cols(), ActivationQuantizer.BLOCK);
        int needed = x.rows() * blocks;
        if (scales.length < needed) {
            codes = new int[0]; // the old ones need not be kept meanwhile
            codes = new int[Math.multiplyExact(needed, ActivationQuantizer.BLOCK_INTS)];
            scales = new float[needed];
        }
        pool.forEachRange(x.rows(), Math.ceilDiv(TASK, Math.max(1, x.cols())), (from, to) -> {
            float[] block = new float[ActivationQuantizer.BLOCK];
            for (int token = from; token < to; token++) {
                int at = x.offset() + token * x.cols();
                int first = token * blocks;
                ActivationQuantizer.encode(x.data(), at, x.cols(), block, codes, first * ActivationQuantizer.BLOCK_INTS, scales, first);
            }
        });
    }
}
