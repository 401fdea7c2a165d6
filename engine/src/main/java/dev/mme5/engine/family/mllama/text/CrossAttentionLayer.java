package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.KeyValues;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.SwiGlu;
import dev.mme5.weights.Weights;

/**
 * Norm, attend to the image, gate, norm, MLP, gate (reference section 7). Texts without a picture skip the whole layer.
 */
final class CrossAttentionLayer implements DecoderLayer {
    private final RmsNorm attentionNorm;
    private final CrossAttention attention;
    private final float attentionGate;
    private final RmsNorm mlpNorm;
    private final SwiGlu mlp;
    private final float mlpGate;
    private final int kvWidth;
    private final Kernels kernels;

    private CrossAttentionLayer(Weights w, TextConfig c, Kernels kernels) {
        this.attentionNorm = RmsNorm.load(w.at("input_layernorm"), c.hidden(), c.normEps(), kernels);
        this.attention = CrossAttention.load(w.at("cross_attn"), c, kernels);
        this.attentionGate = (float) StrictMath.tanh(w.scalar("cross_attn_attn_gate"));
        this.mlpNorm = RmsNorm.load(w.at("post_attention_layernorm"), c.hidden(), c.normEps(), kernels);
        this.mlp = SwiGlu.load(w.at("mlp"), c.hidden(), c.mlpHidden(), kernels);
        this.mlpGate = (float) StrictMath.tanh(w.scalar("cross_attn_mlp_gate"));
        this.kvWidth = c.kvWidth();
        this.kernels = kernels;
    }

    static CrossAttentionLayer load(Weights w, TextConfig c, Kernels kernels) {
        return new CrossAttentionLayer(w, c, kernels);
    }

    /** What this layer reads of projected image tokens [image tokens, hidden]. */
    KeyValues keyValues(Matrix image) {
        return attention.keyValues(image, kvWidth);
    }

    /**
     * h = x + tanh(gate) · attention(norm(x), image), then x = h + tanh(gate) · mlp(norm(h)) for the tokens that see a picture;
     * the others keep h. x [tokens, hidden] is updated in place.
     */
    void forward(Matrix x, PackedBatch prompts, KeyValues image, TextActivations a) {
        PackedSequences s = prompts.sequences();
        Matrix normed = a.normed().rows(0, x.rows());
        attentionNorm.forward(x, normed);
        attention.forward(normed, s, image, prompts.masks(), a, normed);
        kernels.addScaled(x, attentionGate, normed);

        mlpNorm.forward(x, normed);
        mlp.forward(normed, a.gated(), a.raised(), normed);
        for (int text = 0; text < s.count(); text++) {
            int from = s.from(text) + prompts.sights().get(text).firstSeeing();
            kernels.addScaled(x.rows(from, s.to(text)), mlpGate, normed.rows(from, s.to(text)));
        }
    }
}
