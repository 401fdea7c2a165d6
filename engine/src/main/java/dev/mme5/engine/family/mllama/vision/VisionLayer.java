package dev.mme5.engine.family.mllama.vision;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.GeluMlp;
import dev.mme5.engine.nn.LayerNorm;
import dev.mme5.engine.nn.attention.MultiHeadAttention;
import dev.mme5.weights.Weights;

/**
 * One layer: norm, attend, scale, norm, MLP, scale. Local layers scale by 1, global ones by tanh(gate) (reference section 5.5).
 */
final class VisionLayer {
    private final LayerNorm attentionNorm;
    private final MultiHeadAttention attention;
    private final float attentionGate;
    private final LayerNorm mlpNorm;
    private final GeluMlp mlp;
    private final float mlpGate;
    private final Kernels kernels;

    private VisionLayer(Weights w, VisionConfig c, float attentionGate, float mlpGate, Kernels kernels) {
        this.attentionNorm = LayerNorm.load(w.at("input_layernorm"), c.hidden(), c.normEps(), kernels);
        this.attention = MultiHeadAttention.load(w.at("self_attn"), c.hidden(), c.heads(), kernels);
        this.attentionGate = attentionGate;
        this.mlpNorm = LayerNorm.load(w.at("post_attention_layernorm"), c.hidden(), c.normEps(), kernels);
        this.mlp = GeluMlp.load(w.at("mlp"), c.hidden(), c.mlpHidden(), kernels);
        this.mlpGate = mlpGate;
        this.kernels = kernels;
    }

    static VisionLayer loadLocal(Weights w, VisionConfig c, Kernels kernels) {
        return new VisionLayer(w, c, 1, 1, kernels);
    }

    static VisionLayer loadGlobal(Weights w, VisionConfig c, Kernels kernels) {
        float attentionGate = (float) StrictMath.tanh(w.scalar("gate_attn"));
        float mlpGate = (float) StrictMath.tanh(w.scalar("gate_ffn"));
        return new VisionLayer(w, c, attentionGate, mlpGate, kernels);
    }

    /**
     * Updates x [tokens, hidden] in place. Of the last layer's output only the first rows are read, so only they are updated.
     *
     * @param wanted number of rows to update; all rows are attended to
     */
    void forward(Matrix x, int wanted, AttentionMask mask, VisionActivations a) {
        Matrix residual = x.rows(0, wanted);
        Matrix all = a.normed().rows(0, x.rows());
        Matrix update = a.normed().rows(0, wanted);

        attentionNorm.forward(x, all);
        attention.forward(all, mask, a.attention(), update);
        kernels.addScaled(residual, attentionGate, update);

        mlpNorm.forward(residual, update);
        mlp.forward(update, a.mlp(), update);
        kernels.addScaled(residual, mlpGate, update);
    }
}
