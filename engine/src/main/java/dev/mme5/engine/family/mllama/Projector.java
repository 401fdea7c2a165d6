package dev.mme5.engine.family.mllama;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.Linear;
import dev.mme5.weights.Weights;

/** Vision features to the text decoder's width: W v + b on every token of every tile (reference section 5.7). */
final class Projector {
    private final Linear linear;
    private final int width;

    private Projector(Linear linear, int width) {
        this.linear = linear;
        this.width = width;
    }

    static Projector load(Weights w, int features, int width, Kernels kernels) {
        return new Projector(Linear.loadWithBias(w, features, width, kernels), width);
    }

    /** Bytes of the projected features of that many tokens. */
    static long bytes(long tokens, int width) {
        return Buffers.bytes(counter -> allocate(tokens, width, counter));
    }

    private static Matrix allocate(long tokens, int width, Buffers buffers) {
        return buffers.matrix(tokens, width);
    }

    /** features [tokens, features] to [tokens, width]. */
    Matrix forward(Matrix features) {
        Matrix projected = allocate(features.rows(), width, Buffers.HEAP);
        linear.forward(features, projected);
        return projected;
    }
}
