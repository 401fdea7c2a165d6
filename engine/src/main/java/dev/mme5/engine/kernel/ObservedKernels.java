package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.WeightMatrix;

/** Kernels that show what comes into every product, and leave the work to others. */
public final class ObservedKernels implements Kernels {
    private final Kernels kernels;
    private final Observer observer;

    /** Sees the input of a product. */
    @FunctionalInterface
    public interface Observer {
        /** x [tokens, in], which must not be changed, is about to be multiplied with the weight. */
        void product(Matrix x, WeightMatrix weight);
    }

    /** @param kernels belong to these from here on: {@link #close} closes them */
    public ObservedKernels(Kernels kernels, Observer observer) {
        this.kernels = kernels;
        this.observer = observer;
    }

    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        observer.product(x, weight);
        kernels.matmul(x, weight, out);
    }

    @Override
    public void gather(WeightMatrix table, int[] rows, Matrix out) {
        kernels.gather(table, rows, out);
    }

    @Override
    public void addBias(Matrix x, float[] bias) {
        kernels.addBias(x, bias);
    }

    @Override
    public void addScaled(Matrix x, float scale, Matrix update) {
        kernels.addScaled(x, scale, update);
    }

    @Override
    public void gelu(Matrix x) {
        kernels.gelu(x);
    }

    @Override
    public void siluTimes(Matrix gate, Matrix up) {
        kernels.siluTimes(gate, up);
    }

    @Override
    public void layerNorm(Matrix x, float[] weight, float[] bias, float eps, Matrix out) {
        kernels.layerNorm(x, weight, bias, eps, out);
    }

    @Override
    public void rmsNorm(Matrix x, float[] weight, float eps, Matrix out) {
        kernels.rmsNorm(x, weight, eps, out);
    }

    @Override
    public void rotate(Matrix x, Matrix cos, Matrix sin) {
        kernels.rotate(x, cos, sin);
    }

    @Override
    public void attention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        kernels.attention(q, k, v, heads, mask, out);
    }

    @Override
    public void normalizeRows(Matrix x) {
        kernels.normalizeRows(x);
    }

    @Override
    public String description() {
        return kernels.description();
    }

    @Override
    public void close() {
        kernels.close();
    }
}
