package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Brings some columns of 32 rows of a weight to a panel of floats in an array: all floats and 8 bits, from rows or from panels. With
 * buffers of one thread.
 */
public final class WeightPacker {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int HALF = ROWS / 2;

    /** Bytes of a column of BF16. */
    private static final int BF16_COLUMN = ROWS * Short.BYTES;

    /** Of the second BF16 weight in an int. */
    private static final int UPPER = 0xffff0000;

    /** Whether a column is four vectors of floats. */
    private static final boolean FOUR_VECTORS = 4 * Species.COUNT == ROWS;

    private final FloatWeightPacker floatPacker = new FloatWeightPacker();
    private final Int8WeightPacker int8Packer = new Int8WeightPacker();
    private final float[] rowScales = new float[ROWS];
    private final RetainedFloats scales = new RetainedFloats();

    /**
     * Packs the columns k to k + depth of the panel of rows 32 * panel to 32 * panel + 32.
     *
     * @param k begins a group of 8-bit weights
     * @param out receives [depth, 32] at outOffset; zeros for rows beyond the last
     */
    public void pack(WeightMatrix weight, int panel, int k, int depth, float[] out, int outOffset) {
        switch (weight) {
            case MappedTensor floats -> floatPacker.pack(floats, panel * ROWS, k, depth, out, outOffset);
            case PanelTensor floats when floats.dtype() == DType.BF16 -> {
                widenBf16(floats.panels().bytes(), column(floats, panel, k) * Short.BYTES, depth, out, outOffset);
            }
            case PanelTensor floats -> copy(floats.panels().bytes(), column(floats, panel, k) * Float.BYTES, depth, out, outOffset);
            case QuantizedTensor codes when codes.inPanels() -> widenInt8(codes, panel, k, depth, out, outOffset);
            case QuantizedTensor codes -> int8Packer.pack(codes, panel * ROWS, k, depth, out, outOffset);
        }
    }

    /** Weights before a column. */
    private static long column(WeightMatrix weight, int panel, int k) {
        return ((long) panel * weight.cols() + k) * ROWS;
    }

    private static void widenBf16(MemorySegment bytes, long offset, int depth, float[] out, int outOffset) {
        if (FOUR_VECTORS) widenBf16Columns(bytes, offset, depth, out, outOffset);
        else widenBf16Parts(bytes, offset, depth, out, outOffset);
    }

    /** In one pass over the weights. */
    private static void widenBf16Columns(MemorySegment bytes, long offset, int depth, float[] out, int outOffset) {
        PageFaultGuard.set();
        for (int i = 0; i < ROWS * depth; i += ROWS) {
            IntVector first = IntVector.fromMemorySegment(Species.INT, bytes, offset + 2L * i, Species.FILE_ORDER);
            IntVector second = IntVector.fromMemorySegment(Species.INT, bytes, offset + 2L * i + 32, Species.FILE_ORDER);
            ((FloatVector) first.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + i);
            ((FloatVector) second.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + i + 8);
            ((FloatVector) first.and(UPPER).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + i + 16);
            ((FloatVector) second.and(UPPER).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + i + 24);
        }
    }

    private static void widenBf16Parts(MemorySegment bytes, long offset, int depth, float[] out, int outOffset) {
        PageFaultGuard.set();
        for (int lane = 0; lane < HALF; lane += Species.COUNT) {
            long first = offset + lane * 2L * Short.BYTES;
            for (int k = 0; k < depth; k++) {
                IntVector pairs = IntVector.fromMemorySegment(Species.INT, bytes, first + k * BF16_COLUMN, Species.FILE_ORDER);
                ((FloatVector) pairs.lanewise(LSHL, 16).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + lane + k * ROWS);
                ((FloatVector) pairs.and(UPPER).reinterpretShape(Species.FLOAT, 0)).intoArray(out, outOffset + lane + HALF + k * ROWS);
            }
        }
    }

    private static void copy(MemorySegment bytes, long offset, int depth, float[] out, int outOffset) {
        PageFaultGuard.set();
        for (int i = 0; i < depth * ROWS; i += Species.COUNT) {
            FloatVector.fromMemorySegment(Species.FLOAT, bytes, offset + i * Float.BYTES, Species.FILE_ORDER)
                    .intoArray(out, outOffset + i);
        }
    }

    private void widenInt8(QuantizedTensor weight, int panel, int k, int depth, float[] out, int outOffset) {
        int from = k / Int8Panels.GROUP;
        int to = Math.ceilDiv(k + depth, Int8Panels.GROUP);
        float[] groupScales = scales.atLeast((to - from) * ROWS);
        Int8Panels.scales(weight, panel, from, to, rowScales, groupScales);
        Int8Panels.widen(weight.codes().bytes(), column(weight, panel, k), depth, groupScales, out, outOffset);
    }
}
