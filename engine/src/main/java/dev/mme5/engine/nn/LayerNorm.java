package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;

/** (x - mean) / √(variance + eps) · w + b, row by row (reference section 4). */
public final class LayerNorm {
    private final float[] weight;
    private final float[] bias;
    private final float eps;
    private final Kernels kernels;

    private LayerNorm(float[] weight, float[] bias, float eps, Kernels kernels) {
        this.weight = weight;
        this.bias = bias;
        this.eps = eps;
        this.kernels = kernels;
    }

    public static LayerNorm load(Weights w, int width, float eps, Kernels kernels) {
        return new LayerNorm(w.vector("weight", width), w.vector("bias", width), eps, kernels);
    }

    /** x and out [tokens, width]; they may be the same. */
    public void forward(Matrix x, Matrix out) {
        kernels.layerNorm(x, weight, bias, eps, out);
    }

    /** x = norm(x + update); x and update [tokens, width]. */
    public void forwardSum(Matrix x, Matrix update) {
        kernels.addAndNorm(x, update, weight, bias, eps);
    }
}
