package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;

/** w · x / √(mean(x²) + eps), row by row (reference section 4). */
public final class RmsNorm {
    private final float[] weight;
    private final float eps;
    private final Kernels kernels;

    private RmsNorm(float[] weight, float eps, Kernels kernels) {
        this.weight = weight;
        this.eps = eps;
        this.kernels = kernels;
    }

    public static RmsNorm load(Weights w, int width, float eps, Kernels kernels) {
        return new RmsNorm(w.vector("weight", width), eps, kernels);
    }

    /** x and out [tokens, width]. */
    public void forward(Matrix x, Matrix out) {
        kernels.rmsNorm(x, weight, eps, out);
    }

    /** Every head of x [tokens, heads * width] for itself, in place. */
    public void forwardHeads(Matrix x) {
        Matrix heads = x.reshaped(x.rows() * (x.cols() / weight.length), weight.length);
        kernels.rmsNorm(heads, weight, eps, heads);
    }
}
