package dev.mme5.engine.kernel.gemm;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Matrix-vector product of INT8 weights for a single token, in the same way as {@link VectorMatvec}. */
public final class Int8Matvec {
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;

    /** Weights in one int of the file. */
    static final int PER_INT = 4;

    /** Weights of one row in a block of ints. A group holds whole blocks. */
    static final int BLOCK_COLUMNS = BLOCK_SIDE * PER_INT;

    private static final int GROUP = QuantizationScheme.INT8.group();

    private Int8Matvec() {}

    /** out[outOffset + i] = weight row (fromRow + i) · x, for rows fromRow to toRow. */
    public static void multiply(float[] x, int xOffset, QuantizedTensor weight, int fromRow, int toRow, float[] out, int outOffset) {
        int[] block = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
        float[] scales = new float[BLOCK_SIDE];
        Arrays.fill(out, outOffset, outOffset + toRow - fromRow, 0f);
        for (int row = fromRow; row < toRow; row += BLOCK_SIDE) {
            int width = Math.min(BLOCK_SIDE, toRow - row);
            int outRow = outOffset + row - fromRow;
            int body = width < BLOCK_SIDE ? 0 : weight.cols() - weight.cols() % BLOCK_COLUMNS;
            for (int k = 0; k < body; k += BLOCK_COLUMNS) {
                if (k % GROUP == 0) groupScales(weight, row, k / GROUP, scales);
                BlockTranspose.transpose(weight.codes().bytes(), (long) row * weight.cols() + k, weight.cols(), block);
                add(block, scales, x, xOffset + k, out, outRow);
            }
            for (int i = 0; i < width; i++) {
                for (int k = body; k < weight.cols(); k++) {
                    out[outRow + i] = Math.fma(x[xOffset + k], weight.code(row + i, k) * weight.scale(row + i, k / GROUP), out[outRow + i]);
                }
            }
        }
    }

    private static void add(int[] block, float[] scales, float[] x, int xOffset, float[] out, int outRow) {
        FloatVector accumulators = FloatVector.fromArray(Species.FLOAT, out, outRow);
        FloatVector scale = FloatVector.fromArray(Species.FLOAT, scales, 0);
        for (int i = 0; i < BLOCK_SIDE; i++) {
            IntVector fourCodes = BlockTranspose.column(block, i);
            for (int n = 0; n < PER_INT; n++) {
                FloatVector weights = weights(fourCodes, n, scale);
                accumulators = weights.fma(FloatVector.broadcast(Species.FLOAT, x[xOffset + PER_INT * i + n]), accumulators);
            }
        }
        accumulators.intoArray(out, outRow);
    }

    /** Reads the scales of one group of BLOCK_SIDE rows. */
    static void groupScales(QuantizedTensor weight, int row, int group, float[] scales) {
        MemorySegment codes = weight.scales().bytes();
        long offset = (long) group * weight.rows() + row;
        for (int i = 0; i < BLOCK_SIDE; i++) scales[i] = codes.get(ValueLayout.JAVA_BYTE, offset + i) * weight.rowScale(row + i);
    }

    /** Byte n of every int, sign-extended, times the scales. */
    static FloatVector weights(IntVector fourCodes, int n, FloatVector scales) {
        IntVector code = fourCodes.lanewise(LSHL, Byte.SIZE * (PER_INT - 1 - n)).lanewise(ASHR, Byte.SIZE * (PER_INT - 1));
        return ((FloatVector) code.convertShape(I2F, Species.FLOAT, 0)).mul(scales);
    }
}
