package dev.mme5.engine.kernel;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.WeightMatrix;

/** Kernels that report the input of every matrix product to an observer and delegate all work. */
public final class ObservedKernels implements Kernels {
    private final Kernels kernels;
    private final Observer observer;

    /** Receives the inputs of matrix products. */
    @FunctionalInterface
    public interface Observer {
        /** Called before x [tokens, in] is multiplied by the weight; x must not be changed. */
        void beforeMatmul(Matrix x, WeightMatrix weight);
    }

    /** @param kernels are owned by this object: {@link #close} closes them */
    public ObservedKernels(Kernels kernels, Observer observer) {
        this.kernels = kernels;
        this.observer = observer;
    }

    @Override
    public void matmul(Matrix x, WeightMatrix weight, Matrix out) {
        observer.beforeMatmul(x, weight);
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
