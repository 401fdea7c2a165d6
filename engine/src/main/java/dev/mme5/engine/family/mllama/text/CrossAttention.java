package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.KeyValues;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.weights.Weights;
import java.util.List;

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
        this.heads = new Heads(c.heads(), c.kvHeads(), c.headSize());
        this.kernels = kernels;
    }

    static CrossAttention load(Weights w, TextConfig c, Kernels kernels) {
        return new CrossAttention(w, c, kernels);
    }

    /** What this layer reads of projected image tokens [image tokens, hidden]. */
    KeyValues keyValues(Matrix image, int kvWidth) {
        Matrix keys = Matrix.zeros(image.rows(), kvWidth);
        Matrix values = Matrix.zeros(image.rows(), kvWidth);
        key.forward(image, keys);
        keyNorm.forwardHeads(keys);
        value.forward(image, values);
        return new KeyValues(keys, values);
    }

    /**
     * @param x the texts' tokens, [tokens, hidden]
     * @param masks which image tokens the tokens see, one mask for every text
     * @param out [tokens, hidden]; may be x
     */
    void forward(Matrix x, PackedSequences s, KeyValues image, List<AttentionMask> masks, TextActivations a, Matrix out) {
        Matrix queries = a.query().rows(0, x.rows());
        query.forward(x, queries);
        queryNorm.forwardHeads(queries);
        for (int text = 0; text < s.count(); text++) {
            Matrix q = queries.rows(s.from(text), s.to(text));
            kernels.attention(q, image.keys(), image.values(), heads, masks.get(text), q);
        }
        output.forward(queries, out);
    }
}
