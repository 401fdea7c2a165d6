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

/** Brings a block of 8-bit weights from its file to where {@link TwoVectorMicroKernel} wants its rows, each times the scale of its group. */
final class Int8WeightPacker {
    private static final int DEPTH = TwoVectorMicroKernel.DEPTH;
    private static final int GROUP = QuantizationScheme.INT8.group();

    /** Codes that are read at a time: a vector of floats, or two where vectors are short. */
    private static final int STEP = Species.SOME_BYTES.length();

    private Int8WeightPacker() {}

    /** Rows fromRow to toRow, columns fromCol to fromCol + depth: blocks [rows, DEPTH], one behind the other. */
    static void fill(QuantizedTensor weight, int fromRow, int toRow, int fromCol, int depth, float[] rows) {
        for (int row = fromRow; row < toRow; row++) {
            for (int k = 0; k < depth; k += DEPTH) {
                int to = k * (toRow - fromRow) + (row - fromRow) * DEPTH;
                fill(weight, row, fromCol + k, Math.min(DEPTH, depth - k), rows, to);
            }
        }
    }

    private static void fill(QuantizedTensor weight, int row, int fromCol, int depth, float[] rows, int to) {
        MemorySegment codes = weight.codes().bytes();
        long at = (long) row * weight.cols() + fromCol;
        for (int k = 0; k < depth;) {
            int group = (fromCol + k) / GROUP;
            int end = Math.min(depth, (group + 1) * GROUP - fromCol);
            float scale = weight.scale(row, group);
            for (; k + STEP <= end; k += STEP) widen(codes, at + k, scale, rows, to + k);
            for (; k < end; k++) rows[to + k] = weight.code(row, fromCol + k) * scale;
        }
    }

    private static void widen(MemorySegment codes, long at, float scale, float[] to, int toAt) {
        PageFaultGuard.set();
        ByteVector bytes = ByteVector.fromMemorySegment(Species.SOME_BYTES, codes, at, Species.FILE_ORDER);
        for (int part = 0; part < STEP / Species.COUNT; part++) {
            FloatVector floats = (FloatVector) bytes.convertShape(B2I, Species.INT, part).convert(I2F, 0);
            floats.mul(scale).intoArray(to, toAt + part * Species.COUNT);
        }
    }
}
