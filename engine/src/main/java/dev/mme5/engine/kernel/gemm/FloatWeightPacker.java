package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/** Packs BF16, F16 and F32 weights: transposes some columns of the rows of a panel and widens them to float. */
public final class FloatWeightPacker {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int COUNT = Species.COUNT;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Species.FILE_ORDER);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Species.FILE_ORDER);

    private final int[] block = new int[2 * COUNT * COUNT];

    /**
     * Packs rows fromRow to fromRow + 32 of the weight, columns fromCol to fromCol + depth.
     *
     * @param panel receives [depth, 32] at panelOffset; zeros for rows beyond the last
     */
    public void pack(MappedTensor weight, int fromRow, int fromCol, int depth, float[] panel, int panelOffset) {
        DType dtype = weight.dtype();
        int elementBytes = dtype.bits() / 8;
        int blockColumns = COUNT * Integer.BYTES / elementBytes;
        for (int lane = 0; lane < ROWS; lane += COUNT) {
            int rows = Math.clamp(weight.rows() - fromRow - lane, 0, COUNT);
            int body = rows < COUNT ? 0 : depth - depth % blockColumns;
            long offset = (fromRow + lane) * weight.rowBytes() + (long) fromCol * elementBytes;
            switch (dtype) {
                case BF16 -> packBf16(weight, offset, body, panel, panelOffset + lane);
                case F16 -> packF16(weight, offset, body, panel, panelOffset + lane);
                default -> packF32(weight, offset, body, panel, panelOffset + lane);
            }
            for (int k = body; k < depth; k++) {
                for (int i = 0; i < COUNT; i++) {
                    long element = offset + i * weight.rowBytes() + (long) k * elementBytes;
                    panel[panelOffset + k * ROWS + lane + i] = i < rows ? element(dtype, weight.bytes(), element) : 0;
                }
            }
        }
    }

    // A method for each type: C2 inlines one helper and one transposition into a loop, but not several.

    private void packBf16(MappedTensor weight, long offset, int depth, float[] panel, int panelOffset) {
        for (int k = 0; k < depth; k += 2 * COUNT) {
            BlockTranspose.transposeBf16(weight.bytes(), offset + 2L * k, weight.rowBytes(), block, panel, panelOffset + k * ROWS, ROWS);
        }
    }

    private void packF16(MappedTensor weight, long offset, int depth, float[] panel, int panelOffset) {
        for (int k = 0; k < depth; k += 2 * COUNT) {
            BlockTranspose.transpose(weight.bytes(), offset + 2L * k, weight.rowBytes(), block);
            widenF16(panel, panelOffset + k * ROWS);
        }
    }

    private void packF32(MappedTensor weight, long offset, int depth, float[] panel, int panelOffset) {
        for (int k = 0; k < depth; k += COUNT) {
            BlockTranspose.transpose(weight.bytes(), offset + 4L * k, weight.rowBytes(), block);
            BlockTranspose.copy(block, panel, panelOffset + k * ROWS, ROWS);
        }
    }

    static float element(DType dtype, MemorySegment bytes, long offset) {
        return switch (dtype) {
            case BF16 -> Float.intBitsToFloat(bytes.get(SHORT, offset) << 16);
            case F16 -> Float.float16ToFloat(bytes.get(SHORT, offset));
            default -> bytes.get(FLOAT, offset);
        };
    }

    private void widenF16(float[] panel, int offset) {
        for (int i = 0; i < 2 * COUNT; i++) {
            int shift = i % 2 == 0 ? 16 : 0; // the lower half of an int is the earlier column
            IntVector halves = IntVector.fromArray(Species.INT, block, BlockTranspose.columnOffset(i / 2)).lanewise(LSHL, shift);
            widenF16(halves).intoArray(panel, offset + i * ROWS);
        }
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
        FloatVector tooLarge = (FloatVector) magnitude.add(smallest).reinterpretShape(Species.FLOAT, 0);
        IntVector subnormal = (IntVector) tooLarge.sub(Float.intBitsToFloat(smallest)).reinterpretShape(Species.INT, 0);
        return (FloatVector) normal.blend(subnormal, magnitude.compare(LT, 1 << 23)).or(sign).reinterpretShape(Species.FLOAT, 0);
    }
}
