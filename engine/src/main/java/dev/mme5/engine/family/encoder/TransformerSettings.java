package dev.mme5.engine.family.encoder;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import java.util.List;
import java.util.Set;

/** What sentence_bert_config.json may say: settings that are applied, those that change nothing here, and no others. */
final class TransformerSettings {
    /** Those that are read where they count, and two that only choose a way to compute. */
    private static final Set<String> READ = Set.of("max_seq_length", "do_lower_case", "transformer_task", "module_output_name",
            "modality_config", "unpad_inputs", "backend");

    private static final List<String> OF_MODEL = List.of("model_args", "model_kwargs");

    /** Arguments of the model that choose a way to compute, or parts that are not used. */
    private static final Set<String> HARMLESS = Set.of("attn_implementation", "trust_remote_code", "add_pooling_layer", "low_cpu_mem_usage",
            "use_safetensors", "device_map");

    private static final Set<String> TYPES = Set.of("dtype", "torch_dtype");

    private TransformerSettings() {}

    /** @throws dev.mme5.json.ModelFormatException if there is another setting, or one asks for something else than the states of tokens */
    static void check(JsonObject json) {
        for (String key : json.keys()) {
            if (OF_MODEL.contains(key)) checkModel(json, key);
            else if (!READ.contains(key) && !isEmpty(json.get(key))) {
                Object found = json.get(key) instanceof JsonObject object ? object.keys() : json.get(key);
                throw json.error(key, "expected none, found %s: they are not applied here".formatted(found));
            }
        }
        requireText(json, "transformer_task", "feature-extraction");
        requireText(json, "module_output_name", "token_embeddings");
        String modality = "modality_config";
        if (json.has(modality) && json.object(modality).has("text")) {
            requireText(json.object(modality).object("text"), "method", "forward");
            requireText(json.object(modality).object("text"), "method_output_name", "last_hidden_state");
        }
    }

    private static void checkModel(JsonObject json, String key) {
        if (!json.has(key)) return;
        JsonObject arguments = json.object(key);
        for (String name : arguments.keys()) {
            if (HARMLESS.contains(name) || isEmpty(arguments.get(name))) continue;
            if (!TYPES.contains(name)) {
                throw arguments.error(name, "expected none, found %s: it is not applied here".formatted(arguments.get(name)));
            }
            String type = arguments.text(name);
            if (!type.equals("float32") && !type.equals("auto")) {
                throw arguments.error(name, "expected \"float32\" or \"auto\", found %s: all is computed in float32"
                        .formatted(JsonWriter.quote(type)));
            }
        }
    }

    private static boolean isEmpty(Json value) {
        return value instanceof Json.Null || value instanceof JsonArray array && array.size() == 0
                || value instanceof JsonObject object && object.keys().isEmpty();
    }

    private static void requireText(JsonObject json, String key, String expected) {
        String found = json.text(key, expected);
        if (!found.equals(expected)) {
            throw json.error(key, "expected %s, found %s".formatted(JsonWriter.quote(expected), JsonWriter.quote(found)));
        }
    }
}
