package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.SwiGlu;
import dev.mme5.engine.nn.attention.GroupedQueryAttention;
import dev.mme5.engine.nn.attention.PathKeyValues;
import dev.mme5.engine.nn.attention.RotaryEmbedding;
import dev.mme5.weights.Weights;

/** Norm, attend to the text, norm, MLP (reference section 6). */
final class SelfAttentionLayer implements DecoderLayer {
    private final RmsNorm attentionNorm;
    private final GroupedQueryAttention attention;
    private final RmsNorm mlpNorm;
    private final SwiGlu mlp;
    private final Kernels kernels;

    private SelfAttentionLayer(Weights w, TextConfig c, RotaryEmbedding rope, Kernels kernels) {
        this.attentionNorm = RmsNorm.load(w.at("input_layernorm"), c.hidden(), c.normEps(), kernels);
        this.attention = GroupedQueryAttention.load(w.at("self_attn"), c.hidden(), c.attentionHeads(), rope, kernels);
        this.mlpNorm = RmsNorm.load(w.at("post_attention_layernorm"), c.hidden(), c.normEps(), kernels);
        this.mlp = SwiGlu.load(w.at("mlp"), c.hidden(), c.mlpHidden(), kernels);
        this.kernels = kernels;
    }

    static SelfAttentionLayer load(Weights w, TextConfig c, RotaryEmbedding rope, Kernels kernels) {
        return new SelfAttentionLayer(w, c, rope, kernels);
    }

    /**
     * h = x + attention(norm(x)), then x = h + mlp(norm(h)). x [tokens, hidden] is updated in place.
     *
     * @param layer which of the layers of self-attention this is
     */
    void forward(Matrix x, PathKeyValues paths, int layer, TextActivations a) {
        attentionNorm.forward(x, a.normed());
        attention.forward(a.normed(), paths, layer, a.attention(), a.normed());
        kernels.addScaled(x, 1, a.normed());

        mlpNorm.forward(x, a.normed());
        mlp.forward(a.normed(), a.gate(), a.up(), a.normed());
        kernels.addScaled(x, 1, a.normed());
    }

    /**
     * The last layer. Because pooling reads the last token of every sequence only, keys and values come from all of x [tokens,
     * hidden] and the rest is computed for a.last() alone (reference section 12.4).
     *
     * @param ends the segments that end a sequence
     */
    void forwardLast(Matrix x, int[] ends, PathKeyValues paths, int layer, TextActivations a) {
        Matrix last = a.last();
        Matrix update = a.lastNormed();
        attentionNorm.forward(x, a.normed());
        for (int i = 0; i < ends.length; i++) {
            int row = paths.tree().segments().get(ends[i]).to() - 1;
            update.copyRow(a.normed(), row, i);
            last.copyRow(x, row, i);
        }
        attention.forwardLast(a.normed(), update, ends, paths, layer, a.attention(), update);
        kernels.addScaled(last, 1, update);

        mlpNorm.forward(last, update);
        mlp.forward(update, a.gate(), a.up(), update);
        kernels.addScaled(last, 1, update);
    }
}
