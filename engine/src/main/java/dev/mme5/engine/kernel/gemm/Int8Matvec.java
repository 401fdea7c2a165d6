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

/** The product of 8-bit weights for a single token, as {@link VectorMatvec} does with floats: the sums are the same chains. */
final class Int8Matvec {
    private static final int SIDE = BlockTranspose.SIDE;

    /** Weights in an int of the file. */
    private static final int PER_INT = 4;

    /** Weights of a row in a square of ints; groups hold whole squares. */
    private static final int SQUARE = SIDE * PER_INT;

    private static final int GROUP = QuantizationScheme.INT8.group();

    private Int8Matvec() {}

    /** out[outAt + i] = weight row (fromRow + i) · x, for the rows from fromRow to toRow. */
    static void multiply(float[] x, int xAt, QuantizedTensor weight, int fromRow, int toRow, float[] out, int outAt) {
        int[] square = new int[2 * SIDE * SIDE];
        float[] scales = new float[SIDE];
        Arrays.fill(out, outAt, outAt + toRow - fromRow, 0f);
        for (int row = fromRow; row < toRow; row += SIDE) {
            int width = Math.min(SIDE, toRow - row);
            int to = outAt + row - fromRow;
            int body = width < SIDE ? 0 : weight.cols() - weight.cols() % SQUARE;
            for (int k = 0; k < body; k += SQUARE) {
                if (k % GROUP == 0) groupScales(weight, row, k / GROUP, scales);
                BlockTranspose.turn(weight.codes().bytes(), (long) row * weight.cols() + k, weight.cols(), square);
                add(square, scales, x, xAt + k, out, to);
            }
            for (int i = 0; i < width; i++) {
                for (int k = body; k < weight.cols(); k++) {
                    out[to + i] = Math.fma(x[xAt + k], weight.code(row + i, k) * weight.scale(row + i, k / GROUP), out[to + i]);
                }
            }
        }
    }

    private static void add(int[] square, float[] scales, float[] x, int xAt, float[] out, int to) {
        FloatVector sums = FloatVector.fromArray(Species.FLOAT, out, to);
        FloatVector scale = FloatVector.fromArray(Species.FLOAT, scales, 0);
        for (int i = 0; i < SIDE; i++) {
            IntVector four = BlockTranspose.column(square, i);
            for (int n = 0; n < PER_INT; n++) {
                FloatVector weights = weights(four, n, scale);
                sums = weights.fma(FloatVector.broadcast(Species.FLOAT, x[xAt + PER_INT * i + n]), sums);
            }
        }
        sums.intoArray(out, to);
    }

    /** The scales of one group of SIDE rows. */
    private static void groupScales(QuantizedTensor weight, int row, int group, float[] scales) {
        MemorySegment codes = weight.scales().bytes();
        long at = (long) group * weight.rows() + row;
        for (int i = 0; i < SIDE; i++) scales[i] = codes.get(ValueLayout.JAVA_BYTE, at + i) * weight.rowScale(row + i);
    }

    /** Byte n of every int, times the scales. */
    private static FloatVector weights(IntVector four, int n, FloatVector scales) {
        IntVector code = four.lanewise(LSHL, Byte.SIZE * (PER_INT - 1 - n)).lanewise(ASHR, Byte.SIZE * (PER_INT - 1));
        return ((FloatVector) code.convert(I2F, 0)).mul(scales);
    }
}
