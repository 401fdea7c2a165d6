package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.SwiGlu;
import dev.mme5.engine.nn.attention.KeyValues;
import dev.mme5.weights.Weights;

/**
 * Norm, attend to the image, gate, norm, MLP, gate (reference section 7). Sequences without an image skip the whole layer.
 */
final class CrossAttentionLayer implements DecoderLayer {
    private final RmsNorm attentionNorm;
    private final CrossAttention attention;
    private final float attentionGate;
    private final RmsNorm mlpNorm;
    private final SwiGlu mlp;
    private final float mlpGate;
    private final Kernels kernels;

    private CrossAttentionLayer(Weights w, TextConfig c, Kernels kernels) {
        this.attentionNorm = RmsNorm.load(w.at("input_layernorm"), c.hidden(), c.normEps(), kernels);
        this.attention = CrossAttention.load(w.at("cross_attn"), c, kernels);
        this.attentionGate = (float) StrictMath.tanh(w.scalar("cross_attn_attn_gate"));
        this.mlpNorm = RmsNorm.load(w.at("post_attention_layernorm"), c.hidden(), c.normEps(), kernels);
        this.mlp = SwiGlu.load(w.at("mlp"), c.hidden(), c.mlpHidden(), kernels);
        this.mlpGate = (float) StrictMath.tanh(w.scalar("cross_attn_mlp_gate"));
        this.kernels = kernels;
    }

    static CrossAttentionLayer load(Weights w, TextConfig c, Kernels kernels) {
        return new CrossAttentionLayer(w, c, kernels);
    }

    /** Keys and values of projected image tokens [image tokens, hidden]. */
    KeyValues keyValues(Matrix image) {
        return attention.keyValues(image);
    }

    /**
     * h = x + tanh(gate) · attention(norm(x), image), then x = h + tanh(gate) · mlp(norm(h)) for the tokens that see an image;
     * the others keep h. x [tokens, hidden] is updated in place.
     *
     * @param visibility which images each token sees
     * @param mask the same as ranges of image keys
     */
    void forward(Matrix x, ImageVisibility visibility, AttentionMask mask, KeyValues image, TextActivations a) {
        Matrix normed = a.normed().rows(0, x.rows());
        attentionNorm.forward(x, normed);
        attention.forward(normed, image, mask, a, normed);
        kernels.addScaled(x, attentionGate, normed);

        mlpNorm.forward(x, normed);
        mlp.forward(normed, a.gate(), a.up(), normed);
        for (int from = visibility.nextSeeing(0); from < x.rows();) {
            int to = visibility.nextBlind(from);
            kernels.addScaled(x.rows(from, to), mlpGate, normed.rows(from, to));
            from = visibility.nextSeeing(to);
        }
    }
}
