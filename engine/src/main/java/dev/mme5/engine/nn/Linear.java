package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.weights.WeightMatrix;
import dev.mme5.weights.Weights;
import java.util.List;

/** y = x · Wᵀ + b, with x [tokens, in], W [out, in], b [out] or none, y [tokens, out] (reference section 4). */
public final class Linear {
    private final PanelCopies.Weight weight;
    private final float[] bias;
    private final Kernels kernels;

    private Linear(PanelCopies.Weight weight, float[] bias, Kernels kernels) {
        this.weight = weight;
        this.bias = bias;
        this.kernels = kernels;
    }

    private static Linear stored(WeightMatrix weight, float[] bias, Kernels kernels) {
        return new Linear(new PanelCopies.Weight(null, weight, 0), bias, kernels);
    }

    /** A weight alone: {@code weight} [out, in]. */
    public static Linear load(Weights w, int in, int out, Kernels kernels) {
        return stored(w.matrix("weight", out, in), null, kernels);
    }

    /** {@code weight} [out, in] and {@code bias} [out]. */
    public static Linear loadWithBias(Weights w, int in, int out, Kernels kernels) {
        return stored(w.matrix("weight", out, in), w.vector("bias", out), kernels);
    }

    /** The same; the weight is copied to panels when that pays. */
    public static Linear loadWithBias(Weights w, int in, int out, Kernels kernels, PanelCopies copies) {
        return new Linear(copies.weight(w.matrix("weight", out, in)), w.vector("bias", out), kernels);
    }

    public void forward(Matrix x, Matrix y) {
        kernels.project(x, List.of(projection(false)), List.of(y));
    }

    /** Several layers of the same kernels and input. */
    public static void forward(Matrix x, List<Linear> layers, List<Matrix> outs) {
        layers.getFirst().kernels.project(x, layers.stream().map(layer -> layer.projection(false)).toList(), outs);
    }

    /** out = down(gelu(up(x))) with two layers of the same kernels; buffer [any, out of up] takes what is between. */
    static void forwardMlp(Matrix x, Linear up, Linear down, Matrix buffer, Matrix out) {
        up.kernels.mlp(x, up.projection(true), down.projection(false), buffer, out);
    }

    private Projection projection(boolean gelu) {
        return new Projection(weight.get(kernels.prefersPanels()), bias, gelu);
    }
}
