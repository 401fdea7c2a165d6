package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * config.json, with the defaults of Hugging Face's BertConfig, RobertaConfig and XLMRobertaConfig, which are the same but for the padding
 * id and the number of ids.
 *
 * @param vocabSize rows of the token embeddings
 * @param hidden width of a token
 * @param layers number of layers
 * @param heads number of attention heads
 * @param mlpHidden width of the MLP
 * @param normEps epsilon of every norm
 * @param positions rows of the position embeddings
 * @param firstPosition row of the first token's position
 * @param tokenTypes rows of the token type embeddings; every token has type 0
 * @param defaultsUsed what the file leaves to the defaults
 */
record EncoderConfig(
        EncoderKind kind,
        int vocabSize,
        int hidden,
        int layers,
        int heads,
        int mlpHidden,
        float normEps,
        int positions,
        int firstPosition,
        int tokenTypes,
        List<ConfigSection.Default> defaultsUsed) {
    static final String FILE = "config.json";

    /** A name of the exact GELU besides {@code gelu}. */
    private static final String EXACT_GELU = "gelu_python";

    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_LAYERS = 10_000;

    EncoderConfig {
        defaultsUsed = List.copyOf(defaultsUsed);
    }

    /** @throws dev.mme5.json.ModelFormatException when the file is missing, contradicts itself or is of another model */
    static EncoderConfig read(Path folder, EncoderKind kind) {
        List<ConfigSection.Default> defaultsUsed = new ArrayList<>();
        ConfigSection c = new ConfigSection(ModelFolder.readObject(folder.resolve(FILE)), defaultsUsed);
        c.only("model_type", kind.modelType());
        if (!EXACT_GELU.equals(c.json().text("hidden_act", ""))) c.only("hidden_act", "gelu");
        c.onlyIfPresent("position_embedding_type", "absolute");
        if (c.json().bool("is_decoder", false)) throw c.error("is_decoder", "expected false, found true");
        int hidden = c.count("hidden_size", MAX_WIDTH, 768);
        int layers = c.count("num_hidden_layers", MAX_LAYERS, 12);
        int heads = c.count("num_attention_heads", MAX_WIDTH, 12);
        if (hidden % heads != 0) {
            throw c.error("num_attention_heads", "expected a divisor of hidden_size " + hidden + ", found " + heads);
        }
        int mlpHidden = c.count("intermediate_size", MAX_WIDTH, 3072);
        int vocabSize = c.count("vocab_size", Integer.MAX_VALUE, kind.defaultVocabSize());
        int positions = c.count("max_position_embeddings", Integer.MAX_VALUE, 512);
        int paddingId = c.integer("pad_token_id", kind.defaultPaddingId());
        if (paddingId < 0 || paddingId >= vocabSize) {
            throw c.error("pad_token_id", "expected an id below vocab_size " + vocabSize + ", found " + paddingId);
        }
        int first = kind.firstPosition(paddingId);
        if (positions <= first) {
            throw c.error("max_position_embeddings",
                    "expected more than the %d before the first token, found %d".formatted(first, positions));
        }
        return new EncoderConfig(
                kind, vocabSize, hidden, layers, heads, mlpHidden,
                (float) c.number("layer_norm_eps", 1e-12, eps -> eps >= 0 && eps < 1, "0 to 1"),
                positions, first, c.count("type_vocab_size", MAX_WIDTH, 2), defaultsUsed);
    }

    /** Width of one head. */
    int headSize() {
        return hidden / heads;
    }

    /**
     * The row of the position table for each token. RoBERTa gives a padding token that stands in a text the row of padding, and does
     * not count it.
     */
    int[] positionRows(int[] ids) {
        int padding = kind.countsFromPadding() ? firstPosition - 1 : -1;
        int[] rows = new int[ids.length];
        int next = firstPosition;
        for (int i = 0; i < ids.length; i++) rows[i] = ids[i] == padding ? padding : next++;
        return rows;
    }

    /** The longest sequence that has positions. */
    int maxTokens() {
        return positions - firstPosition;
    }
}
