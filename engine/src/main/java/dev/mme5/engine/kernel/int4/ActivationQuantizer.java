package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.simd.Species;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Quantises activations to 8-bit integers with one scale for each block of 32: scale = max |x| / 127, code = x / scale rounded to the
 * nearest integer, ties to even. The reference kernels compute the same codes and scales, to the bit.
 *
 * <p>An int holds two codes as 16-bit integers: int j of a block holds value j in its lower and value j + 16 in its upper half.
 */
final class ActivationQuantizer {
    static final int BLOCK = CanonicalOrder.ACTIVATION_BLOCK;

    static final int BLOCK_INTS = Int4PackingLimits.BLOCK_INTS;

    /** 1.5 * 2^23: adding it rounds a small float to an integer, which is then in the low bits of the sum. */
    static final float ROUNDING = 0x1.8p23f;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private ActivationQuantizer() {}

    /**
     * Encodes one row, x[offset .. offset + cols).
     *
     * @param block a buffer of 32 floats
     * @param codes receives the codes at codesOffset; the last block is padded with zeros
     * @param scales receives one scale for each block at scalesOffset
     */
    static void encode(float[] x, int offset, int cols, float[] block, int[] codes, int codesOffset, float[] scales, int scalesOffset) {
        int blocks = Math.ceilDiv(cols, BLOCK);
        for (int b = 0; b < blocks; b++) {
            int left = cols - b * BLOCK;
            if (left >= BLOCK) {
                scales[scalesOffset + b] = encodeBlock(x, offset + b * BLOCK, codes, codesOffset + b * BLOCK_INTS);
            } else {
                Arrays.fill(block, 0);
                System.arraycopy(x, offset + b * BLOCK, block, 0, left);
                scales[scalesOffset + b] = encodeBlock(block, 0, codes, codesOffset + b * BLOCK_INTS);
            }
        }
    }

    /** Encodes one block and returns its scale. */
    private static float encodeBlock(float[] x, int offset, int[] codes, int codesOffset) {
        IntVector maxMagnitude = magnitude(x, offset); // float bits order like integers; NaN is the largest
        for (int i = Species.COUNT; i < BLOCK; i += Species.COUNT) maxMagnitude = maxMagnitude.max(magnitude(x, offset + i));
        float max = Float.intBitsToFloat(maxMagnitude.reduceLanes(MAX));
        float inverse = max < CanonicalOrder.MIN_ACTIVATION_MAGNITUDE ? 0 : 127 / max;
        for (int i = 0; i < BLOCK_INTS; i += Species.COUNT) {
            IntVector lower = code(x, offset + i, inverse).and(0xffff);
            IntVector upper = code(x, offset + i + BLOCK_INTS, inverse).lanewise(LSHL, 16);
            lower.or(upper).intoArray(codes, codesOffset + i);
        }
        return max < CanonicalOrder.MIN_ACTIVATION_MAGNITUDE ? 0 : max / 127;
    }

    private static IntVector magnitude(float[] x, int offset) {
        return ((IntVector) FloatVector.fromArray(Species.FLOAT, x, offset).reinterpretShape(Species.INT, 0)).and(0x7fffffff);
    }

    private static IntVector code(float[] x, int offset, float inverse) {
        FloatVector rounded = FloatVector.fromArray(Species.FLOAT, x, offset).mul(inverse).add(ROUNDING);
        return ((IntVector) rounded.reinterpretShape(Species.INT, 0)).sub(ROUNDING_BITS);
    }
}
