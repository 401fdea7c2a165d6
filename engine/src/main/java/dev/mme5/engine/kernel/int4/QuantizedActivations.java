package dev.mme5.engine.kernel.int4;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * Activations of an INT4 matmul as 8-bit codes and scales: for each token its blocks of 32 in order, as {@link ActivationQuantizer}
 * encodes them, or their factors.
 */
final class QuantizedActivations {
    /** Least values that one task encodes. */
    private static final int MIN_TASK_VALUES = 16_384;

    private int[] codes = new int[0];
    private float[] scales = new float[0];
    private float[] zeros = new float[0];
    private int blocks;

    /** Codes, or factors, of the activations that were encoded last, [tokens, blocks, BLOCK_INTS]. */
    int[] codes() {
        return codes;
    }

    /** Scales of the activations that were encoded last, [tokens, blocks]. */
    float[] scales() {
        return scales;
    }

    /** What sums begin with, [tokens, blocks]. Beside codes {@link PackedCodes} sets them, for {@link Int4Tiles}. */
    float[] zeros() {
        return zeros;
    }

    /** Blocks of one token, the last of which may be padded with zeros. */
    int blocks() {
        return blocks;
    }

    /** Bytes of all buffers. */
    long bytes() {
        return Integer.BYTES * (long) codes.length + Float.BYTES * ((long) scales.length + zeros.length);
    }

    /** Encodes all rows of x, of which there are at most {@link Int4PackingLimits#maxTokens}. */
    void encode(Matrix x, WorkerPool pool) {
        encode(x, pool, false);
    }

    /** The same, but with factors instead of codes, and what sums begin with. */
    void encodeAsFactors(Matrix x, WorkerPool pool) {
        encode(x, pool, true);
    }

    private void encode(Matrix x, WorkerPool pool, boolean asFactors) {
        blocks = (int) Int4PackingLimits.blocks(x.cols());
        int size = Math.toIntExact(Int4PackingLimits.blocks(x.rows(), x.cols()));
        if (scales.length < size) {
            codes = new int[0]; // frees the old buffer before the new one is allocated
            codes = new int[Math.multiplyExact(size, ActivationQuantizer.BLOCK_INTS)];
            scales = new float[size];
            zeros = new float[size];
        }
        pool.forEachRange(x.rows(), Math.ceilDiv(MIN_TASK_VALUES, Math.max(1, x.cols())), (from, to) -> {
            float[] block = new float[ActivationQuantizer.BLOCK];
            for (int token = from; token < to; token++) {
                int offset = x.offset() + token * x.cols();
                int first = token * blocks;
                ActivationQuantizer.encode(x.data(), offset, x.cols(), block, codes, first * ActivationQuantizer.BLOCK_INTS, scales, first);
                if (!asFactors) continue;
                for (int i = first; i < first + blocks; i++)
                    zeros[i] = ActivationQuantizer.replaceByFactors(codes, i * ActivationQuantizer.BLOCK_INTS);
            }
        });
    }
}
