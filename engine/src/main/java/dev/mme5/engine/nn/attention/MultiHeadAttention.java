package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.weights.Weights;
import java.util.List;

/** Every token to every token that the mask shows: o(softmax(q · kᵀ / √size) · v) (reference section 5.5). */
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

    /** Four projections [width, width], with biases or without; every head has width / heads of the columns. */
    public static MultiHeadAttention of(
            Linear query, Linear key, Linear value, Linear output, int width, int heads, Kernels kernels) {
        return new MultiHeadAttention(query, key, value, output, new Heads(heads, heads, width / heads), kernels);
    }

    /**
     * Projections without biases, by the names of Llama's kin.
     *
     * @param width of a token; every head has width / heads of it
     */
    public static MultiHeadAttention load(Weights w, int width, int heads, Kernels kernels) {
        return new MultiHeadAttention(
                Linear.load(w.at("q_proj"), width, width, kernels),
                Linear.load(w.at("k_proj"), width, width, kernels),
                Linear.load(w.at("v_proj"), width, width, kernels),
                Linear.load(w.at("o_proj"), width, width, kernels),
                new Heads(heads, heads, width / heads),
                kernels);
    }

    /**
     * The first tokens, as many as out has rows, attend to all.
     *
     * @param x [tokens, width]
     * @param out [queries, width]; may be the first rows of x
     */
    public void forward(Matrix x, AttentionMask mask, AttentionBuffers a, Matrix out) {
        Matrix q = a.query().rows(0, out.rows());
        Matrix k = a.key().rows(0, x.rows());
        Matrix v = a.value().rows(0, x.rows());
        query.forward(x.rows(0, out.rows()), q);
        key.forward(x, k);
        value.forward(x, v);

        kernels.attention(q, k, v, heads, mask, q);
        output.forward(q, out);
    }

    /** x [tokens, width] attends to itself, sequence by sequence and in both directions; out [tokens, width] may be x. */
    public void forward(Matrix x, PackedSequences s, AttentionBuffers a, Matrix out) {
        Linear.forward(x, List.of(query, key, value), List.of(a.query(), a.key(), a.value()));
        kernels.attentionWithin(a.query(), a.key(), a.value(), heads, s.starts(), a.query());
        output.forward(a.query(), out);
    }
}
