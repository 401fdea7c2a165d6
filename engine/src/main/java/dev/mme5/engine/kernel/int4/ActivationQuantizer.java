package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.mme5.engine.kernel.reference.ReferenceInt4Matmul;
import dev.mme5.engine.kernel.simd.Species;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Activations as integers of 8 bits with a scale for every 32 neighbours: scale = max / 127, code = x / scale to the nearest
 * integer, ties to even. What {@link ReferenceInt4Matmul} does, to the bit.
 *
 * <p>An int holds two codes of 16 bits: int j of a block has value j of it below and value j + 16 above.
 */
final class ActivationQuantizer {
    static final int BLOCK = Int4PackingLimits.LENGTH;

    static final int BLOCK_INTS = BLOCK / 2;

    /** 1.5 * 2^23: adding it rounds what is small to an integer, which then stands in the lowest bits. */
    static final float ROUNDING = 0x1.8p23f;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private ActivationQuantizer() {}

    /**
     * One row.
     *
     * @param x the row is x[at .. at + cols)
     * @param block room for 32 floats
     * @param codes gets its ints from codesAt on, a whole block for the last values too
     * @param scales gets a scale for each block from scalesAt on
     */
    static void encode(float[] x, int at, int cols, float[] block, int[] codes, int codesAt, float[] scales, int scalesAt) {
        int blocks = Math.ceilDiv(cols, BLOCK);
        for (int b = 0; b < blocks; b++) {
            int left = cols - b * BLOCK;
            if (left >= BLOCK) {
                scales[scalesAt + b] = encodeBlock(x, at + b * BLOCK, codes, codesAt + b * BLOCK_INTS);
            } else {
                Arrays.fill(block, 0);
                System.arraycopy(x, at + b * BLOCK, block, 0, left);
                scales[scalesAt + b] = encodeBlock(block, 0, codes, codesAt + b * BLOCK_INTS);
            }
        }
    }

    /** Returns the scale. */
    private static float encodeBlock(float[] x, int at, int[] codes, int to) {
        IntVector largest = magnitude(x, at); // as the bits of a float, whose order is that of integers; NaN is beyond all
        for (int i = Species.COUNT; i < BLOCK; i += Species.COUNT) largest = largest.max(magnitude(x, at + i));
        float max = Float.intBitsToFloat(largest.reduceLanes(MAX));
        float inverse = max < Int4PackingLimits.TINY ? 0 : 127 / max;
        for (int i = 0; i < BLOCK_INTS; i += Species.COUNT) {
            IntVector lower = code(x, at + i, inverse).and(0xffff);
            IntVector upper = code(x, at + i + BLOCK_INTS, inverse).lanewise(LSHL, 16);
            lower.or(upper).intoArray(codes, to + i);
        }
        return max < Int4PackingLimits.TINY ? 0 : max / 127;
    }

    private static IntVector magnitude(float[] x, int at) {
        return FloatVector.fromArray(Species.FLOAT, x, at).reinterpretAsInts().and(0x7fffffff);
    }

    private static IntVector code(float[] x, int at, float inverse) {
        return FloatVector.fromArray(Species.FLOAT, x, at).mul(inverse).add(ROUNDING).reinterpretAsInts().sub(ROUNDING_BITS);
    }
}
