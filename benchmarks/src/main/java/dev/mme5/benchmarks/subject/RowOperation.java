package dev.mme5.benchmarks.subject;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.Arrays;

/** Norms, activations and what else goes over rows: as wide as in the 11B model, for as many tokens as a picture or a batch has. */
public enum RowOperation {
    /** Before attention and MLP of a vision block. */
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
    /** Inside the MLP of a vision block. */
    GELU(4128, 5120, 2) {
        @Override
        void apply(Kernels kernels, Matrix x, Matrix y, float[] weight) {
            kernels.gelu(x);
        }

        @Override
        void makeLasting(Matrix x, Matrix y) {
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
        void makeLasting(Matrix x, Matrix y) {
            GELU.makeLasting(x, y);
            Arrays.fill(y.data(), 1);
        }
    },
    /** The residual of a vision block. */
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
        void makeLasting(Matrix x, Matrix y) {
            for (int i = 0; i < x.rows() * HALF; i++) {
                double angle = y.data()[i];
                y.data()[i] = (float) Math.cos(angle);
                y.data()[i + x.rows() * HALF] = (float) Math.sin(angle);
            }
        }
    };

    /** Beyond it, GELU and SiLU give back what they are given, in float32. */
    private static final float LARGE = 20;

    final int rows;
    final int cols;

    /** Matrices that are read or written. */
    private final int passes;

    RowOperation(int rows, int cols, int passes) {
        this.rows = rows;
        this.cols = cols;
        this.passes = passes;
    }

    /** x [rows, cols] is updated in place; y is a second input of the same shape. */
    abstract void apply(Kernels kernels, Matrix x, Matrix y, float[] weight);

    /**
     * Changes inputs that would vanish or overflow when the operation is applied to its own result thousands of times: numbers
     * below the normal range are slow. The work does not depend on the values.
     */
    void makeLasting(Matrix x, Matrix y) {}

    public Workload amount() {
        return Workload.ofBytes(4.0 * rows * cols * passes);
    }
}
