package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.attention.KeyValues;
import dev.mme5.weights.Weights;

/**
 * Queries from the text, keys and values from the image; queries and keys are normed head by head, nothing is rotated
 * (reference section 7).
 */
final class CrossAttention {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final RmsNorm queryNorm;
    private final RmsNorm keyNorm;
    private final Heads heads;
    private final Kernels kernels;

    private CrossAttention(Weights w, TextConfig c, Kernels kernels) {
        this.query = Linear.load(w.at("q_proj"), c.hidden(), c.hidden(), kernels);
        this.key = Linear.load(w.at("k_proj"), c.hidden(), c.kvWidth(), kernels);
        this.value = Linear.load(w.at("v_proj"), c.hidden(), c.kvWidth(), kernels);
        this.output = Linear.load(w.at("o_proj"), c.hidden(), c.hidden(), kernels);
        this.queryNorm = RmsNorm.load(w.at("q_norm"), c.headSize(), c.normEps(), kernels);
        this.keyNorm = RmsNorm.load(w.at("k_norm"), c.headSize(), c.normEps(), kernels);
        this.heads = c.attentionHeads();
        this.kernels = kernels;
    }

    static CrossAttention load(Weights w, TextConfig c, Kernels kernels) {
        return new CrossAttention(w, c, kernels);
    }

    /** Keys and values of projected image tokens [image tokens, hidden]. */
    KeyValues keyValues(Matrix image) {
        KeyValues kv = KeyValues.allocate(image.rows(), heads.kvHeads() * heads.size(), Buffers.HEAP);
        key.forward(image, kv.keys());
        keyNorm.forwardHeads(kv.keys());
        value.forward(image, kv.values());
        return kv;
    }

    /**
     * @param x [tokens, hidden]
     * @param mask which image tokens they see
     * @param out [tokens, hidden]; may be x
     */
    void forward(Matrix x, KeyValues image, AttentionMask mask, TextActivations a, Matrix out) {
        Matrix queries = a.attention().query().rows(0, x.rows());
        query.forward(x, queries);
        queryNorm.forwardHeads(queries);
        kernels.attention(queries, image.keys(), image.values(), heads, mask, queries);
        output.forward(queries, out);
    }
}
