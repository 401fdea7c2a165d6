package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;

/** fc2(gelu(fc1(x))), with biases (reference section 5.5). */
public final class GeluMlp {
    private final Linear fc1;
    private final Linear fc2;
    private final Kernels kernels;

    private GeluMlp(Linear fc1, Linear fc2, Kernels kernels) {
        this.fc1 = fc1;
        this.fc2 = fc2;
        this.kernels = kernels;
    }

    /** Two layers [hidden, width] and [width, hidden]. */
    public static GeluMlp of(Linear fc1, Linear fc2, Kernels kernels) {
        return new GeluMlp(fc1, fc2, kernels);
    }

    public static GeluMlp load(Weights w, int width, int hidden, Kernels kernels) {
        return new GeluMlp(
                Linear.loadWithBias(w.at("fc1"), width, hidden, kernels),
                Linear.loadWithBias(w.at("fc2"), hidden, width, kernels),
                kernels);
    }

    /**
     * Takes as many rows at a time as the buffer has.
     *
     * @param x [tokens, width]
     * @param hidden buffer [any, hidden]
     * @param out [tokens, width]; may be x
     */
    public void forward(Matrix x, Matrix hidden, Matrix out) {
        for (int from = 0; from < x.rows(); from += hidden.rows()) {
            int to = Math.min(from + hidden.rows(), x.rows());
            Matrix h = hidden.rows(0, to - from);
            fc1.forward(x.rows(from, to), h);
            kernels.gelu(h);
            fc2.forward(h, out.rows(from, to));
        }
    }
}
