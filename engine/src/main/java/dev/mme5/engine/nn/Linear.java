package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.WeightMatrix;
import dev.mme5.weights.Weights;

/** y = x · Wᵀ + b, with x [tokens, in], W [out, in], b [out] or none, y [tokens, out] (reference section 4). */
public final class Linear {
    private final WeightMatrix weight;
    private final float[] bias;
    private final Kernels kernels;

    private Linear(WeightMatrix weight, float[] bias, Kernels kernels) {
        this.weight = weight;
        this.bias = bias;
        this.kernels = kernels;
    }

    /** A weight alone: {@code weight} [out, in]. */
    public static Linear load(Weights w, int in, int out, Kernels kernels) {
        return new Linear(w.matrix("weight", out, in), null, kernels);
    }

    /** {@code weight} [out, in] and {@code bias} [out]. */
    public static Linear loadWithBias(Weights w, int in, int out, Kernels kernels) {
        return new Linear(w.matrix("weight", out, in), w.vector("bias", out), kernels);
    }

    public void forward(Matrix x, Matrix y) {
        kernels.matmul(x, weight, y);
        if (bias != null) kernels.addBias(y, bias);
    }
}
