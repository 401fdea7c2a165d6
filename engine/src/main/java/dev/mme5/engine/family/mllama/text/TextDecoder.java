package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.EmbeddingTable;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.engine.nn.KeyValues;
import dev.mme5.engine.nn.PackedSequences;
import dev.mme5.engine.nn.RmsNorm;
import dev.mme5.engine.nn.RotaryEmbedding;
import dev.mme5.engine.nn.Trace;
import dev.mme5.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Token ids, and what is known of the pictures among them, to the hidden state of the last token (reference sections 6 to 8).
 */
public final class TextDecoder {
    private final TextConfig config;
    private final int imageId;
    private final EmbeddingTable embedding;
    private final List<DecoderLayer> layers = new ArrayList<>();
    private final RmsNorm finalNorm;

    private TextDecoder(Weights w, TextConfig c, int imageId, Kernels kernels) {
        this.config = c;
        this.imageId = imageId;
        this.embedding = EmbeddingTable.load(w.at("embed_tokens"), c.ids(), c.hidden(), kernels);
        RotaryEmbedding rope = new RotaryEmbedding(c.rope(), c.headSize());
        for (int i = 0; i < c.layers(); i++) {
            Weights layer = w.at("layers").at(i);
            layers.add(
                    c.crossAttentionLayers().contains(i)
                            ? CrossAttentionLayer.load(layer, c, kernels)
                            : SelfAttentionLayer.load(layer, c, rope, kernels));
        }
        this.finalNorm = RmsNorm.load(w.at("norm"), c.hidden(), c.normEps(), kernels);
    }

    /**
     * @param w the scope {@code language_model}
     * @param imageId id of the token that stands for a picture
     */
    public static TextDecoder load(Weights w, TextConfig c, int imageId, Kernels kernels) {
        return new TextDecoder(w, c, imageId, kernels);
    }

    /**
     * What the cross-attention layers read of one picture.
     *
     * @param projected its tokens, real tiles first, [image tokens, hidden]
     * @param realRows how many of them belong to real tiles
     * @param multiplicities how many tokens each row stands for, [image tokens]
     */
    public VisionStates imageStates(Matrix projected, int realRows, int[] multiplicities) {
        List<KeyValues> keyValues = new ArrayList<>();
        for (DecoderLayer layer : layers) {
            if (layer instanceof CrossAttentionLayer cross) keyValues.add(cross.keyValues(projected));
            Interruption.check();
        }
        return new VisionStates(new int[] {0, realRows}, multiplicities, keyValues);
    }

    /** Whether some token stands before the first picture, so that it attends to absent tiles too (reference section 7.2). */
    public boolean readsAbsentTiles(int[] ids) {
        return ImageVisibility.of(ids, imageId).firstSeeing() > 0;
    }

    /** Bytes of buffers that a text of so many tokens takes. */
    public static long workingBytes(TextConfig config, long tokens) {
        return TextActivations.bytes(config, tokens);
    }

    /** Bytes that the states of one picture take, with so many tokens. */
    public static long imageBytes(TextConfig config, long imageTokens) {
        return Float.BYTES * 2L * config.crossAttentionLayers().size() * imageTokens * config.kvWidth();
    }

    /**
     * The state of the last token of every text after the final norm, [texts, hidden].
     *
     * @param ids token ids of each text; none is empty
     * @param image the pictures that every one of the texts is about, or none: then cross-attention layers are skipped
     */
    public Matrix forward(int[][] ids, Optional<VisionStates> image, Trace trace) {
        PackedBatch prompts = PackedBatch.of(ids, imageId, image);
        TextActivations a = TextActivations.allocate(config, prompts.sequences());
        int lastNeedingAll = trace.enabled() ? layers.size() : lastSelfAttention();

        Matrix x = a.tokens();
        for (int text = 0; text < ids.length; text++) {
            embedding.forward(ids[text], x.rows(prompts.sequences().from(text), prompts.sequences().to(text)));
        }
        traceTokens("text.embed", x, trace);
        int crossLayers = 0;
        for (int i = 0; i < layers.size(); i++) {
            switch (layers.get(i)) {
                case CrossAttentionLayer cross -> {
                    int nth = crossLayers++;
                    if (image.isEmpty()) continue;
                    cross.forward(x, prompts, image.get().layer(nth), a);
                }
                case SelfAttentionLayer self -> {
                    if (i != lastNeedingAll) {
                        self.forward(x, prompts.sequences(), a);
                        break;
                    }
                    self.forwardLast(x, prompts.sequences(), a);
                    x = a.last(); // nothing behind this layer reads another token
                    prompts = prompts.lastTokens(image);
                }
            }
            Interruption.check();
            traceTokens("text.layer." + i, x, trace);
        }
        finalNorm.forward(x, x);
        traceTokens("text.final_norm", x, trace);
        return lastRows(x, prompts.sequences());
    }

    private int lastSelfAttention() {
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (layers.get(i) instanceof SelfAttentionLayer) return i;
        }
        return layers.size();
    }

    private static Matrix lastRows(Matrix x, PackedSequences s) {
        if (x.rows() == s.count()) return x;
        Matrix last = Matrix.zeros(s.count(), x.cols());
        for (int text = 0; text < s.count(); text++) last.copyRow(x, s.to(text) - 1, text);
        return last;
    }

    private static void traceTokens(String stage, Matrix x, Trace trace) {
        if (!trace.enabled()) return;
        trace.stage(stage, () -> x, x.rows(), x.cols());
        trace.stage(stage + ".last", () -> x.rows(x.rows() - 1, x.rows()), x.cols());
    }
}
