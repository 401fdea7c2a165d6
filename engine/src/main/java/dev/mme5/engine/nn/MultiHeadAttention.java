package dev.mme5.engine.nn;

import dev.mme5.engine.family.mllama.vision.VisionActivations;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.weights.Weights;

/** Every token to every token that the mask shows: o(softmax(q · kᵀ / √size) · v), without biases (reference section 5.5). */
public final class MultiHeadAttention {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Heads heads;
    private final Kernels kernels;

    private MultiHeadAttention(Linear query, Linear key, Linear value, Linear output, Heads heads, Kernels kernels) {
        this.query = query;
        this.key = key;
        this.value = value;
        this.output = output;
        this.heads = heads;
        this.kernels = kernels;
    }

    public static MultiHeadAttention load(Weights w, VisionConfig c, Kernels kernels) {
        return new MultiHeadAttention(
                Linear.load(w.at("q_proj"), c.hidden(), c.hidden(), kernels),
                Linear.load(w.at("k_proj"), c.hidden(), c.hidden(), kernels),
                Linear.load(w.at("v_proj"), c.hidden(), c.hidden(), kernels),
                Linear.load(w.at("o_proj"), c.hidden(), c.hidden(), kernels),
                new Heads(c.heads(), c.heads(), c.headSize()),
                kernels);
    }

    /**
     * The first tokens, as many as out has rows, attend to all.
     *
     * @param x [tokens, hidden]
     * @param out [queries, hidden]; may be the first rows of x
     */
    public void forward(Matrix x, AttentionMask mask, VisionActivations a, Matrix out) {
        Matrix q = a.query().rows(0, out.rows());
        Matrix k = a.key().rows(0, x.rows());
        Matrix v = a.value().rows(0, x.rows());
        query.forward(x.rows(0, out.rows()), q);
        key.forward(x, k);
        value.forward(x, v);

        kernels.attention(q, k, v, heads, mask, q);
        output.forward(q, out);
    }
}
