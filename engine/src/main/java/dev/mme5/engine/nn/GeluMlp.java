package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;

/** fc2(gelu(fc1(x))), with biases (reference section 5.5). */
public final class GeluMlp {
    private final Linear fc1;
    private final Linear fc2;

    private GeluMlp(Linear fc1, Linear fc2) {
        this.fc1 = fc1;
        this.fc2 = fc2;
    }

    /** Two layers [hidden, width] and [width, hidden]. */
    public static GeluMlp of(Linear fc1, Linear fc2) {
        return new GeluMlp(fc1, fc2);
    }

    public static GeluMlp load(Weights w, int width, int hidden, Kernels kernels) {
        return new GeluMlp(
                Linear.loadWithBias(w.at("fc1"), width, hidden, kernels),
                Linear.loadWithBias(w.at("fc2"), hidden, width, kernels));
    }

    /**
     * Takes as many rows at a time as the buffer has.
     *
     * @param x [tokens, width]
     * @param hidden buffer [any, hidden]
     * @param out [tokens, width]; may be x
     */
    public void forward(Matrix x, Matrix hidden, Matrix out) {
        Linear.forwardMlp(x, fc1, fc2, hidden, out);
    }
}
