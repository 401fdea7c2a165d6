package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.nn.attention.RopeConfig;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The text_config of config.json, with the defaults of Hugging Face's MllamaTextConfig (reference section 2). */
final class TextConfigReader {
    private static final int MAX_WIDTH = 1 << 20;
    private static final int MAX_LAYERS = 10_000;
    private static final double DEFAULT_THETA = 500_000;

    private TextConfigReader() {}

    static TextConfig read(ConfigSection c) {
        c.onlyIfPresent("model_type", "mllama_text_model");
        c.only("hidden_act", "silu");
        int vocabSize = c.count("vocab_size", Integer.MAX_VALUE - TextConfig.EXTRA_IDS, 128_256);
        int hidden = c.count("hidden_size", MAX_WIDTH, 4096);
        int layers = c.count("num_hidden_layers", MAX_LAYERS, 40);
        int heads = c.count("num_attention_heads", MAX_WIDTH, 32);
        int kvHeads = c.count("num_key_value_heads", MAX_WIDTH, 8);
        if (hidden % heads != 0) {
            throw c.error("num_attention_heads", "expected a divisor of hidden_size " + hidden + ", found " + heads);
        }
        if (heads % kvHeads != 0) {
            throw c.error("num_key_value_heads", "expected a divisor of num_attention_heads " + heads + ", found " + kvHeads);
        }
        int headSize = hidden / heads;
        if (headSize % 2 != 0) {
            throw c.error("num_attention_heads", "expected heads of even width, found " + hidden + " / " + heads + " = " + headSize);
        }
        if (c.json().has("head_dim") && c.json().integer("head_dim") != headSize) {
            throw c.error("head_dim",
                    "expected hidden_size / num_attention_heads = " + headSize + ", found " + c.json().integer("head_dim"));
        }
        List<Integer> cross = c.indices("cross_attention_layers", layers - 1, List.of(3, 8, 13, 18, 23, 28, 33, 38));
        return new TextConfig(
                vocabSize,
                hidden,
                layers,
                heads,
                kvHeads,
                c.count("intermediate_size", MAX_WIDTH, 14_336),
                (float) c.number("rms_norm_eps", 1e-5, eps -> eps >= 0 && eps < 1, "0 to 1"),
                new HashSet<>(cross),
                rope(c),
                c.count("max_position_embeddings", Integer.MAX_VALUE, 131_072));
    }

    /** Either rope_parameters, as transformers 5 writes it, or the two members rope_theta and rope_scaling. */
    private static RopeConfig rope(ConfigSection c) {
        if (c.json().has("rope_parameters")) {
            JsonObject parameters = c.json().object("rope_parameters");
            return new RopeConfig(theta(parameters, parameters.number("rope_theta", DEFAULT_THETA)), scaling(parameters));
        }
        double theta = theta(c.json(), c.number("rope_theta", DEFAULT_THETA, t -> true, ""));
        if (!c.json().has("rope_scaling")) return new RopeConfig(theta, Optional.empty());
        return new RopeConfig(theta, scaling(c.json().object("rope_scaling")));
    }

    private static double theta(JsonObject holder, double theta) {
        if (theta <= 0) throw holder.error("rope_theta", "expected more than 0, found " + theta);
        return theta;
    }

    private static Optional<RopeConfig.Llama3Scaling> scaling(JsonObject json) {
        String key = json.has("rope_type") ? "rope_type" : "type";
        String type = json.text(key, "default");
        return switch (type) {
            case "default" -> Optional.empty();
            case "llama3" -> {
                double low = positive(json, "low_freq_factor");
                double high = positive(json, "high_freq_factor");
                if (high <= low) throw json.error("high_freq_factor", "expected more than low_freq_factor " + low + ", found " + high);
                int positions = json.integer("original_max_position_embeddings");
                if (positions < 1) throw json.error("original_max_position_embeddings", "expected at least 1, found " + positions);
                yield Optional.of(new RopeConfig.Llama3Scaling(positive(json, "factor"), low, high, positions));
            }
            default -> throw json.error(key, "expected \"default\" or \"llama3\", found " + JsonWriter.quote(type));
        };
    }

    private static double positive(JsonObject json, String key) {
        double value = json.number(key);
        if (value <= 0) throw json.error(key, "expected more than 0, found " + value);
        return value;
    }
}
