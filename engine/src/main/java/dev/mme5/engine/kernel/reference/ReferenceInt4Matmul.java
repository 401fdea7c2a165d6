package dev.mme5.engine.kernel.reference;

import dev.mme5.engine.kernel.api.CanonicalOrder;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.QuantizedTensor;

/** The matrix product of INT4 weights and 8-bit activations, written to be read. Sums over blocks are in double. */
final class ReferenceInt4Matmul {
    private static final int BLOCK = CanonicalOrder.ACTIVATION_BLOCK;
    private static final int MAX_CODE = 127;

    private ReferenceInt4Matmul() {}

    static void multiply(Matrix x, QuantizedTensor weight, Matrix out) {
        int blocks = Math.ceilDiv(x.cols(), BLOCK);
        int[][] codes = new int[x.rows()][x.cols()];
        float[][] scales = new float[x.rows()][blocks];
        for (int token = 0; token < x.rows(); token++) {
            for (int block = 0; block < blocks; block++) scales[token][block] = encode(x, token, block, codes[token]);
        }
        for (int row = 0; row < out.cols(); row++) {
            for (int token = 0; token < x.rows(); token++) {
                double sum = 0;
                for (int block = 0; block < blocks; block++) {
                    int inBlock = 0;
                    for (int k = block * BLOCK; k < Math.min(x.cols(), (block + 1) * BLOCK); k++) {
                        inBlock += weight.code(row, k) * codes[token][k];
                    }
                    sum += (double) inBlock * (weight.scale(row, block) * scales[token][block]);
                }
                out.set(token, row, (float) sum);
            }
        }
    }

    /** Encodes one block as integers, x / scale rounded to the nearest; returns the scale. */
    private static float encode(Matrix x, int token, int block, int[] codes) {
        int from = block * BLOCK;
        int to = Math.min(x.cols(), from + BLOCK);
        float max = 0;
        for (int k = from; k < to; k++) max = Math.max(max, Math.abs(x.at(token, k)));
        if (max < CanonicalOrder.MIN_ACTIVATION_MAGNITUDE) return 0;

        for (int k = from; k < to; k++) codes[k] = (int) Math.rint(x.at(token, k) * (MAX_CODE / max));
        return max / MAX_CODE;
    }
}
