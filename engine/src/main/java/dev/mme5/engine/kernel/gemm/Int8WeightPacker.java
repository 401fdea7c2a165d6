package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;

import dev.mme5.engine.kernel.microkernel.TwoVectorMicroKernel;
import dev.mme5.engine.kernel.simd.PageFaultGuard;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;

/** Packs INT8 weights: widens a block of rows to float, times the scale of each group, in the layout of {@link TwoVectorMicroKernel}. */
final class Int8WeightPacker {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int GROUP = QuantizationScheme.INT8.group();

    /** Codes in one load: as many as a float vector has lanes, or twice as many where vectors are short. */
    private static final int STEP = Species.SOME_BYTES.length();

    private Int8WeightPacker() {}

    /**
     * Packs rows fromRow to toRow of the weight, columns fromCol to fromCol + depth.
     *
     * @param rows receives [depth / DEPTH, toRow - fromRow, DEPTH]
     */
    static void pack(QuantizedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] rows) {
        for (int row = fromRow; row < toRow; row++) {
            for (int k = 0; k < depth; k += DEPTH) {
                int outOffset = k * (toRow - fromRow) + (row - fromRow) * DEPTH;
                packRow(weight, row, fromCol + k, Math.min(DEPTH, depth - k), rows, outOffset);
            }
        }
    }

    private static void packRow(QuantizedTensor weight, int row, int fromCol, int depth, float[] rows, int outOffset) {
        MemorySegment codes = weight.codes().bytes();
        long offset = (long) row * weight.cols() + fromCol;
        for (int k = 0; k < depth;) {
            int group = (fromCol + k) / GROUP;
            int end = Math.min(depth, (group + 1) * GROUP - fromCol);
            float scale = weight.scale(row, group);
            for (; k + STEP <= end; k += STEP) widen(codes, offset + k, scale, rows, outOffset + k);
            for (; k < end; k++) rows[outOffset + k] = weight.code(row, fromCol + k) * scale;
        }
    }

    private static void widen(MemorySegment codes, long offset, float scale, float[] out, int outOffset) {
        PageFaultGuard.set();
        ByteVector bytes = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, offset, Species.FILE_ORDER);
        for (int part = 0; part < STEP / Species.COUNT; part++) {
            FloatVector floats = (FloatVector) bytes.convertShape(B2I, Species.INT, part).convert(I2F, 0);
            floats.mul(scale).intoArray(out, outOffset + part * Species.COUNT);
        }
    }
}
