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

/** Widens a block of weights from its file to floats, where {@link TwoVectorMicroKernel} wants its rows: {@code DEPTH} apart. */
public final class FloatWeightPacker {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int COUNT = Species.COUNT;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Species.FILE_ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Species.FILE_ORDER);

    private FloatWeightPacker() {}

    /** Rows fromRow to toRow of the weight, columns fromCol to fromCol + depth: blocks [rows, DEPTH], one behind the other. */
    public static void fill(MappedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] rows) {
        for (int row = fromRow; row < toRow; row++) {
            for (int k = 0; k < depth; k += DEPTH) {
                int to = k * (toRow - fromRow) + (row - fromRow) * DEPTH;
                fill(weight, row, fromCol + k, Math.min(DEPTH, depth - k), rows, to);
            }
        }
    }

    private static void fill(MappedTensor weight, int row, int fromCol, int depth, float[] rows, int to) {
        DType dtype = weight.dtype();
        int elementBytes = dtype.bits() / 8;
        long at = row * weight.rowBytes() + (long) fromCol * elementBytes;
        int body = depth - depth % COUNT;
        switch (dtype) {
            case BF16 -> widenBf16(weight.bytes(), at, rows, to, body);
            case F16 -> widenF16(weight.bytes(), at, rows, to, body);
            default -> copyF32(weight.bytes(), at, rows, to, body);
        }
        for (int k = body; k < depth; k++) rows[to + k] = element(dtype, weight.bytes(), at + (long) k * elementBytes);
    }

    static float element(DType dtype, MemorySegment bytes, long at) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, at) << 16);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, at));
            default -> bytes.get(FLOAT, at);
        };
    }

    private static void widenBf16(MemorySegment bytes, long at, float[] to, int toAt, int count) {
        for (int k = 0; k < count; k += COUNT) {
            upperHalves(bytes, at + 2L * k).reinterpretAsFloats().intoArray(to, toAt + k);
        }
    }

    private static void widenF16(MemorySegment bytes, long at, float[] to, int toAt, int count) {
        for (int k = 0; k < count; k += COUNT) {
            widenF16(upperHalves(bytes, at + 2L * k)).intoArray(to, toAt + k);
        }
    }

    private static void copyF32(MemorySegment bytes, long at, float[] to, int toAt, int count) {
        for (int k = 0; k < count; k += COUNT) {
            PageFaultGuard.set();
            FloatVector.fromMemorySegment(Species.FLOAT, bytes, at + 4L * k, Species.FILE_ORDER).intoArray(to, toAt + k);
        }
    }

    /** COUNT 16-bit numbers, each in the upper half of an int. */
    private static IntVector upperHalves(MemorySegment bytes, long at) {
        PageFaultGuard.set();
        ShortVector halves = ShortVector.fromMemorySegment(Species.HALF_SHORT, bytes, at, Species.FILE_ORDER);
        return ((IntVector) halves.convertShape(ZERO_EXTEND_S2I, Species.INT, 0)).lanewise(LSHL, 16);
    }

    /** The half in the upper 16 bits of each lane as a float, exactly; NaN and infinity too. */
    static FloatVector widenF16(IntVector half) {
        IntVector sign = half.and(0x80000000);
        IntVector magnitude = half.and(0x7fff0000).lanewise(LSHR, 3); // exponent and fraction where a float has them
        int bias = (127 - 15) << 23;
        IntVector normal = magnitude.add(bias);
        VectorMask<Integer> special = magnitude.compare(GE, 31 << 23);
        normal = normal.blend(normal.add(bias), special);

        int smallest = (127 - 14) << 23; // 2^-14: a subnormal is that much too large when given this exponent
        IntVector subnormal = magnitude.add(smallest).reinterpretAsFloats().sub(Float.intBitsToFloat(smallest)).reinterpretAsInts();
        return normal.blend(subnormal, magnitude.compare(LT, 1 << 23)).or(sign).reinterpretAsFloats();
    }
}
