package dev.mme5.benchmarks.subject;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/** Norms, activations and other row operations, at the widths of the 11B model, for the tokens of an image or a batch. */
public enum RowOperation {
    /** Before attention and MLP of a vision layer. */
    LAYER_NORM(4128, 1280, 2) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.layerNorm(x, weight, weight, 1e-5f, x);
        }
    },
    /** Before attention and MLP of a decoder layer. */
    RMS_NORM(512, 4096, 2) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.rmsNorm(x, weight, 1e-5f, x);
        }
    },
    /** Inside the MLP of a vision layer. */
    GELU(4128, 5120, 2) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.gelu(x);
        }

        @Override
        void stabilizeInputs(Matrix x, Matrix y) {
            for (int i = 0; i < x.data().length; i++) x.data()[i] = LARGE + Math.abs(x.data()[i]);
        }
    },
    /** Inside the MLP of a decoder layer. */
    SILU_TIMES(512, 14336, 3) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.siluTimes(x, y);
        }

        @Override
        void stabilizeInputs(Matrix x, Matrix y) {
            GELU.stabilizeInputs(x, y);
            Arrays.fill(y.data(), 1);
        }
    },
    /** The residual of a vision layer. */
    ADD_SCALED(4128, 1280, 3) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.addScaled(x, 0.5f, y);
        }
    },
    /** The bias of a vision MLP. */
    ADD_BIAS(4128, 5120, 2) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.addBias(x, weight);
        }
    },
    /** The queries of a decoder layer. */
    ROTATE(512, 4096, 2) {
        private static final int HALF = 64;

        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.rotate(x, new Matrix(y.data(), 0, x.rows(), HALF), new Matrix(y.data(), x.rows() * HALF, x.rows(), HALF));
        }

        @Override
        void stabilizeInputs(Matrix x, Matrix y) {
            for (int i = 0; i < x.rows() * HALF; i++) {
                double angle = y.data()[i];
                y.data()[i] = (float) Math.cos(angle);
                y.data()[i + x.rows() * HALF] = (float) Math.sin(angle);
            }
        }
    };

    /** Above this, GELU and SiLU return their argument, in float32. */
    private static final float LARGE = 20;

    final int rows;
    final int cols;

    /** Number of matrices that are read or written. */
    private final int passes;

    RowOperation(int rows, int cols, int passes) {
        this.rows = rows;
        this.cols = cols;
        this.passes = passes;
    }

    /** x [rows, cols] is updated in place; y is a second input of the same shape. */
    abstract void apply(Kernels kernels, Matrix x, Matrix y, float[] weight);

    /**
     * Changes inputs that would vanish or overflow when the operation is applied to its own result thousands of times, because
     * subnormal numbers are slow. The work does not depend on the values.
     */
    void stabilizeInputs(Matrix x, Matrix y) {}

    public Workload workload() {
        return Workload.ofBytes(4.0 * rows * cols * passes);
    }
}
