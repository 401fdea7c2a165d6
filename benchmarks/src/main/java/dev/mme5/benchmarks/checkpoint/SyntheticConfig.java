package dev.mme5.benchmarks.checkpoint;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The configuration and tokenizer files of a synthetic checkpoint, as the real model has them. */
public final class SyntheticConfig {
    /** The mini model, relative to the root of the source tree. */
    public static final Path MINI = Path.of("models", "mini");

    private static final int ORDINARY_TOKENS = 128_000;

    private SyntheticConfig() {}

    public static void write(Path folder, SyntheticShape shape, Path tokenizer) throws IOException {
        Files.writeString(folder.resolve("config.json"), config(shape));
        Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor(shape.tile()));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"tokenizer_class\":\"PreTrainedTokenizerFast\"}");
        Path source = tokenizer.resolve("tokenizer.json");
        JsonObject json = JsonReader.readObject(source);
        Path target = folder.resolve("tokenizer.json");
        if (json.object("model").object("vocab").keys().size() == ORDINARY_TOKENS) {
            Files.copy(source, target);
        } else {
            Files.writeString(target, padded(json));
        }
    }

    private static String config(SyntheticShape s) {
        JsonWriter json = new JsonWriter().beginObject().member("model_type", "mllama");
        json.name("architectures").beginArray().value("MllamaForConditionalGeneration").endArray();
        json.member("image_token_index", SyntheticShape.VOCABULARY).member("torch_dtype", "bfloat16");
        json.name("text_config").beginObject().member("model_type", "mllama_text_model");
        json.member("hidden_act", "silu").member("rms_norm_eps", 1e-5);
        json.member("bos_token_id", 128_000).member("eos_token_id", 128_001).member("pad_token_id", 128_004);
        json.member("vocab_size", SyntheticShape.VOCABULARY).member("hidden_size", SyntheticShape.WIDTH);
        json.member("num_hidden_layers", s.textLayers()).member("num_attention_heads", SyntheticShape.WIDTH / SyntheticShape.HEAD);
        json.member("num_key_value_heads", SyntheticShape.KV_WIDTH / SyntheticShape.HEAD);
        json.member("intermediate_size", SyntheticShape.MLP).member("max_position_embeddings", 131_072);
        json.member("cross_attention_layers", ints(s.crossLayers())).member("rope_theta", 500_000.0);
        json.name("rope_scaling").beginObject().member("rope_type", "llama3").member("factor", 8.0);
        json.member("low_freq_factor", 1.0).member("high_freq_factor", 4.0).member("original_max_position_embeddings", 8192);
        json.endObject().endObject();
        json.name("vision_config").beginObject().member("model_type", "mllama_vision_model");
        json.member("hidden_act", "gelu").member("norm_eps", 1e-5).member("max_num_tiles", SyntheticShape.TILES);
        json.name("supported_aspect_ratios").beginArray();
        for (int[] grid : SyntheticShape.GRIDS) json.value(grid);
        json.endArray();
        json.member("hidden_size", SyntheticShape.VISION_WIDTH).member("num_hidden_layers", s.visionLayers());
        json.member("num_global_layers", s.globalLayers()).member("intermediate_size", SyntheticShape.VISION_MLP);
        json.member("attention_heads", 16).member("image_size", s.tile()).member("patch_size", SyntheticShape.PATCH);
        json.member("intermediate_layers_indices", ints(s.intermediate())).member("vision_output_dim", s.features());
        return json.endObject().endObject().toString();
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    private static String preprocessor(int tile) {
        JsonWriter json = new JsonWriter().beginObject();
        for (String step : new String[] {"do_convert_rgb", "do_normalize", "do_pad", "do_rescale", "do_resize"}) json.member(step, true);
        json.name("image_mean").beginArray().value(0.48145466).value(0.4578275).value(0.40821073).endArray();
        json.name("image_std").beginArray().value(0.26862954).value(0.26130258).value(0.27577711).endArray();
        json.member("max_image_tiles", SyntheticShape.TILES).member("resample", 2).member("rescale_factor", 1 / 255.0);
        json.name("size").beginObject().member("height", tile).member("width", tile).endObject();
        return json.endObject().toString();
    }

    /** A small tokenizer with its vocabulary padded to the real size, and its special tokens at the real model's ids. */
    private static String padded(JsonObject small) {
        JsonWriter json = new JsonWriter().beginObject().name("added_tokens").beginArray();
        int next = ORDINARY_TOKENS;
        JsonArray added = small.array("added_tokens");
        for (int i = 0; i < added.size(); i++) {
            String content = added.object(i).text("content");
            special(json, content, content.equals("<|image|>") ? SyntheticShape.VOCABULARY : next++);
        }
        json.endArray().member("normalizer", new Json.Null());
        for (String part : new String[] {"pre_tokenizer", "post_processor", "decoder"}) json.member(part, small.get(part));
        JsonObject model = small.object("model");
        json.name("model").beginObject();
        for (String key : model.keys()) {
            if (!key.equals("vocab")) json.member(key, model.get(key));
        }
        json.name("vocab").beginObject();
        JsonObject vocabulary = model.object("vocab");
        int ids = 0;
        for (String token : vocabulary.keys()) {
            json.member(token, vocabulary.integer(token));
            ids = Math.max(ids, vocabulary.integer(token) + 1);
        }
        for (int id = ids; id < ORDINARY_TOKENS; id++) json.member("filler" + id, id);
        return json.endObject().endObject().endObject().toString();
    }

    private static void special(JsonWriter json, String content, int id) {
        json.beginObject().member("id", id).member("content", content);
        for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) json.member(flag, false);
        json.member("special", true).endObject();
    }
}
