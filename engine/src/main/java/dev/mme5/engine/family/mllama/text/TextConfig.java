package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.nn.attention.RopeConfig;
import java.util.Set;

/**
 * The text half of config.json (reference section 2). An instance that exists is a model that can be run; the checks with
 * names of keys are made where the file is read.
 *
 * @param vocabSize number of ordinary ids; the embedding table has {@link #EXTRA_IDS} more
 * @param hidden width of a token
 * @param layers number of layers, cross-attention layers included
 * @param heads number of query heads
 * @param kvHeads number of key and value heads
 * @param mlpHidden width of the MLP
 * @param normEps epsilon of every norm
 * @param crossAttentionLayers which layers attend to the image
 * @param rope how positions rotate queries and keys
 * @param maxPositions longest input in tokens
 */
public record TextConfig(
        int vocabSize,
        int hidden,
        int layers,
        int heads,
        int kvHeads,
        int mlpHidden,
        float normEps,
        Set<Integer> crossAttentionLayers,
        RopeConfig rope,
        int maxPositions) {
    /** Rows of the embedding table beyond vocab_size; the image token is the first of them (reference section 0.9). */
    public static final int EXTRA_IDS = 8;

    public TextConfig {
        crossAttentionLayers = Set.copyOf(crossAttentionLayers);
    }

    /** Width of one head. */
    public int headSize() {
        return hidden / heads;
    }

    /** How queries, keys and values are cut into heads. */
    Heads attentionHeads() {
        return new Heads(heads, kvHeads, headSize());
    }

    /** Width of all keys, or all values, of a token. */
    public int kvWidth() {
        return kvHeads * headSize();
    }

    /** Rows of the embedding table. */
    public int ids() {
        return vocabSize + EXTRA_IDS;
    }
}
