package dev.mme5.engine.kernel.int4;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Quantises activations to 8-bit integers with one scale for each block of 32: scale = max |x| / 127, code = x / scale rounded to the
 * nearest integer, ties to even. The reference kernels compute the same codes and scales, to the bit.
 *
 * <p>{@link #replaceByFactors} makes factors of them, for weights that are not taken apart. A 16-bit lane v has the 4-bit codes of a row
 * and four columns, the first in the lowest bits, each the weight plus 8. With a the activations, the codes' sum of products is
 *
 * <pre>v * a0 + (v >> 4) * (a1 - 16 * a0) + (v >> 8) * (a2 - 16 * a1) + (v >> 12) * (a3 - 16 * a2)</pre>
 *
 * because what the higher codes add to one product is subtracted in the next. All of it is exact modulo 2^16, and the sum of a block of 32
 * columns fits into 16 bits. Sums begin with -8 times the sum of the activations of the block. {@link Int4Tiles} take codes.
 *
 * <p>An int holds two codes as 16-bit integers: int j of a block holds value j in its lower and value j + 16 in its upper half.
 */
final class ActivationQuantizer {
    static final int BLOCK = CanonicalOrder.ACTIVATION_BLOCK;

    static final int BLOCK_INTS = Int4PackingLimits.BLOCK_INTS;

    /** 1.5 * 2^23: adding it rounds a small float to an integer, which is then in the low bits of the sum. */
    static final float ROUNDING = 0x1.8p23f;

    /** Columns of a 16-bit lane of weights. */
    private static final int COLUMNS = PanelTensor.INT4_COLUMNS;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);

    private ActivationQuantizer() {}

    /**
     * Encodes one block of a row, x[offset .. offset + count), and returns its scale.
     *
     * @param count at most 32; values that are missing count as zeros
     * @param buffer for 32 floats
     * @param codes receives BLOCK_INTS ints at codesOffset
     */
    static float encode(float[] x, int offset, int count, float[] buffer, int[] codes, int codesOffset) {
        if (count >= BLOCK) return encodeBlock(x, offset, codes, codesOffset);
        Arrays.fill(buffer, 0);
        System.arraycopy(x, offset, buffer, 0, count);
        return encodeBlock(buffer, 0, codes, codesOffset);
    }

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

    /**
     * Replaces the codes of a block by their factors, in the same order and modulo 2^16.
     *
     * @param codes of one block, as {@link #encode} writes them
     * @return what the sums of the block begin with: an integer of at most 2^23, whatever the codes of a block that is not finite
     */
    static float replaceByFactors(int[] codes) {
        int sum = 0;
        for (int i = 0; i < BLOCK_INTS; i += COLUMNS) {
            int previous = 0;
            for (int column = i; column < i + COLUMNS; column++) {
                int code = codes[column];
                sum += (short) code + (code >> Short.SIZE);
                int lower = code - (previous << 4);
                int upper = (code >> Short.SIZE) - (previous >> Short.SIZE << 4);
                codes[column] = lower & 0xffff | upper << Short.SIZE;
                previous = code;
            }
        }
        return -QuantizedTensor.INT4_ZERO * sum;
    }

    /** A 16-bit integer in both halves of an int, so that its broadcast is a plain load. */
    static int twice(int value) {
        return (value & 0xffff) * 0x10001;
    }
}
