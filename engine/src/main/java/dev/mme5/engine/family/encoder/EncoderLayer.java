package dev.mme5.engine.family.encoder;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.GeluMlp;
import dev.mme5.engine.nn.LayerNorm;
import dev.mme5.engine.nn.Linear;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.PanelCopies;
import dev.mme5.engine.nn.attention.MultiHeadAttention;
import dev.mme5.weights.Weights;

/** Attend in both directions, norm, MLP, norm: each norm follows the sum (post-norm). */
final class EncoderLayer {
    private final MultiHeadAttention attention;
    private final LayerNorm attentionNorm;
    private final GeluMlp mlp;
    private final LayerNorm mlpNorm;

    private EncoderLayer(Weights w, EncoderConfig c, Kernels kernels, PanelCopies copies) {
        int width = c.hidden();
        Weights self = w.at("attention.self");
        this.attention = MultiHeadAttention.of(
                Linear.loadWithBias(self.at("query"), width, width, kernels, copies),
                Linear.loadWithBias(self.at("key"), width, width, kernels, copies),
                Linear.loadWithBias(self.at("value"), width, width, kernels, copies),
                Linear.loadWithBias(w.at("attention.output.dense"), width, width, kernels, copies),
                width, c.heads(), kernels);
        this.attentionNorm = LayerNorm.load(w.at("attention.output.LayerNorm"), width, c.normEps(), kernels);
        this.mlp = GeluMlp.of(
                Linear.loadWithBias(w.at("intermediate.dense"), width, c.mlpHidden(), kernels, copies),
                Linear.loadWithBias(w.at("output.dense"), c.mlpHidden(), width, kernels, copies));
        this.mlpNorm = LayerNorm.load(w.at("output.LayerNorm"), width, c.normEps(), kernels);
    }

    /** @param copies where the weights are copied to when that pays */
    static EncoderLayer load(Weights w, EncoderConfig c, Kernels kernels, PanelCopies copies) {
        return new EncoderLayer(w, c, kernels, copies);
    }

    /** h = norm(x + attention(x)), then x = norm(h + mlp(h)). x [tokens, hidden] is updated in place. */
    void forward(Matrix x, PackedSequences s, EncoderActivations a) {
        attention.forward(x, s, a.attention(), a.update());
        attentionNorm.forwardSum(x, a.update());

        mlp.forward(x, a.mlp(), a.update());
        mlpNorm.forwardSum(x, a.update());
    }
}
