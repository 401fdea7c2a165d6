package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;

/** Packs BF16, F16 and F32 weights: widens a block of rows to float, in the layout of {@link TwoVectorMicroKernel}. */
final class FloatWeightPacker {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int COUNT = Species.COUNT;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Species.FILE_ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Species.FILE_ORDER);

    private FloatWeightPacker() {}

    /**
     * Packs rows fromRow to toRow of the weight, columns fromCol to fromCol + depth.
     *
     * @param rows receives [depth / DEPTH, toRow - fromRow, DEPTH]
     */
    static void pack(MappedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] rows) {
        for (int row = fromRow; row < toRow; row++) {
            for (int k = 0; k < depth; k += DEPTH) {
                int outOffset = k * (toRow - fromRow) + (row - fromRow) * DEPTH;
                packRow(weight, row, fromCol + k, Math.min(DEPTH, depth - k), rows, outOffset);
            }
        }
    }

    private static void packRow(MappedTensor weight, int row, int fromCol, int depth, float[] rows, int outOffset) {
        DType dtype = weight.dtype();
        int elementBytes = dtype.bits() / 8;
        long offset = row * weight.rowBytes() + (long) fromCol * elementBytes;
        int body = depth - depth % COUNT;
        switch (dtype) {
            case BF16 -> widenBf16(weight.bytes(), offset, rows, outOffset, body);
            case F16 -> widenF16(weight.bytes(), offset, rows, outOffset, body);
            default -> copyF32(weight.bytes(), offset, rows, outOffset, body);
        }
        for (int k = body; k < depth; k++) rows[outOffset + k] = element(dtype, weight.bytes(), offset + (long) k * elementBytes);
    }

    static float element(DType dtype, MemorySegment bytes, long offset) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, offset) << 16);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, offset));
            default -> bytes.get(FLOAT, offset);
        };
    }

    private static void widenBf16(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int k = 0; k < count; k += COUNT) {
            upperHalves(bytes, offset + 2L * k).reinterpretAsFloats().intoArray(out, outOffset + k);
        }
    }

    private static void widenF16(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int k = 0; k < count; k += COUNT) {
            widenF16(upperHalves(bytes, offset + 2L * k)).intoArray(out, outOffset + k);
        }
    }

    private static void copyF32(MemorySegment bytes, long offset, float[] out, int outOffset, int count) {
        for (int k = 0; k < count; k += COUNT) {
            PageFaultGuard.set();
            FloatVector.fromMemorySegment(Species.FLOAT, bytes, offset + 4L * k, Species.FILE_ORDER).intoArray(out, outOffset + k);
        }
    }

    /** Loads COUNT 16-bit values, each into the upper half of an int. */
    private static IntVector upperHalves(MemorySegment bytes, long offset) {
        PageFaultGuard.set();
        ShortVector halves = ShortVector.fromMemorySegment(Species.HALF_SHORT, bytes, offset, Species.FILE_ORDER);
        return ((IntVector) halves.convertShape(ZERO_EXTEND_S2I, Species.INT, 0)).lanewise(LSHL, 16);
    }

    /** Converts the F16 value in the upper 16 bits of each lane to float. Exact, also for NaN and infinity. */
    static FloatVector widenF16(IntVector half) {
        IntVector sign = half.and(0x80000000);
        IntVector magnitude = half.and(0x7fff0000).lanewise(LSHR, 3); // exponent and fraction at their positions in a float
        int bias = (127 - 15) << 23;
        IntVector normal = magnitude.add(bias);
        VectorMask<Integer> special = magnitude.compare(GE, 31 << 23);
        normal = normal.blend(normal.add(bias), special);

        int smallest = (127 - 14) << 23; // 2^-14: with this exponent, a subnormal is too large by exactly 2^-14
        IntVector subnormal = magnitude.add(smallest).reinterpretAsFloats().sub(Float.intBitsToFloat(smallest)).reinterpretAsInts();
        return normal.blend(subnormal, magnitude.compare(LT, 1 << 23)).or(sign).reinterpretAsFloats();
    }
}
