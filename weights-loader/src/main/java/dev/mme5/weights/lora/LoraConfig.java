package dev.mme5.weights.lora;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * adapter_config.json, as peft writes it for plain LoRA. Whatever in it would change the merged weights is used or refused.
 *
 * @param json the file, for messages
 * @param rank r where no pattern says otherwise
 * @param alpha lora_alpha where no pattern says otherwise
 * @param rsLora whether the scaling divides by the root of the rank
 * @param ranks r by pattern of module names, in file order
 * @param alphas lora_alpha by pattern of module names, in file order
 */
record LoraConfig(
        JsonObject json, double rank, double alpha, boolean rsLora, Map<String, Rule> ranks, Map<String, Rule> alphas) {
    static final String FILE = "adapter_config.json";

    /** Used, or without effect on the merged weights: the tensors of the file show which modules are meant. */
    private static final Set<String> KNOWN = Set.of(
            "peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "bias", "init_lora_weights",
            "task_type", "base_model_name_or_path", "revision", "inference_mode", "auto_mapping", "peft_version", "lora_dropout",
            "target_modules", "exclude_modules", "modules_to_save", "layers_to_transform", "layers_pattern", "megatron_core",
            "megatron_config", "runtime_config", "qalora_group_size", "ensure_weight_tying", "eva_config");

    /** Ways to initialise that leave the base weights as they are. */
    private static final Set<String> INITIALIZATIONS = Set.of("gaussian", "orthogonal", "eva");

    private static final Set<String> BIASES = Set.of("none", "all", "lora_only");

    /** A value for the modules whose name a pattern matches. */
    record Rule(ModulePattern pattern, double value) {}

    static LoraConfig read(Path file) {
        JsonObject json = ModelFolder.readObject(file);
        String type = json.text("peft_type", "LORA");
        if (!type.equals("LORA")) throw json.error("peft_type", "expected \"LORA\", found " + new Json.Text(type));
        for (String key : json.keys()) {
            if (!KNOWN.contains(key) && isSet(json.get(key))) {
                throw json.error(key, "expected nothing, found " + json.get(key) + ": only plain LoRA adapters can be merged");
            }
        }
        String bias = json.text("bias", "none");
        if (!BIASES.contains(bias)) {
            throw json.error("bias", "expected \"none\", \"all\" or \"lora_only\", found " + new Json.Text(bias));
        }
        if (json.get("init_lora_weights") instanceof Json.Text init && !INITIALIZATIONS.contains(init.value())) {
            throw json.error("init_lora_weights", "expected an initialisation that keeps the base weights, found " + init);
        }
        MatchLimit limit = new MatchLimit(MatchLimit.MAX_STEPS, () -> json.error("rank_pattern or alpha_pattern",
                "expected patterns that are soon matched, found slow ones"));
        return new LoraConfig(json, positive(json, "r", 8), positive(json, "lora_alpha", 8), json.bool("use_rslora", false),
                rules(json, "rank_pattern", limit), rules(json, "alpha_pattern", limit));
    }

    private static boolean isSet(Json value) {
        return switch (value) {
            case Json.Null none -> false;
            case Json.Bool flag -> flag.value();
            case JsonObject object -> !object.keys().isEmpty();
            case JsonArray array -> array.size() > 0;
            case Json.Text text -> true;
            case Json.Number number -> true;
        };
    }

    private static double positive(JsonObject json, String key, double defaultValue) {
        double value = json.number(key, defaultValue);
        if (!(value > 0)) throw json.error(key, "expected more than 0, found " + json.get(key));
        return value;
    }

    private static Map<String, Rule> rules(JsonObject json, String name, MatchLimit limit) {
        Map<String, Rule> rules = new LinkedHashMap<>();
        if (!json.has(name)) return rules;
        JsonObject patterns = json.object(name);
        long size = 0;
        for (String key : patterns.keys()) {
            ModulePattern pattern = ModulePattern.of(patterns, key, limit);
            size += pattern.size();
            if (size > ModulePattern.MAX_SIZE) throw ModulePattern.tooLarge(patterns, key);
            rules.put(key, new Rule(pattern, positive(patterns, key, 0)));
        }
        return rules;
    }

    /**
     * The factor of B · A, in float32.
     *
     * @param module its name in the adapter
     * @param foundRank rows of A
     */
    float scaling(String module, int foundRank) {
        double expectedRank = valueOf(ranks, module, rank);
        if (expectedRank != foundRank) {
            throw json.error(ranks.isEmpty() ? "r" : "rank_pattern",
                    "expected " + foundRank + ", the rank of " + module + ", found " + expectedRank);
        }
        return (float) (valueOf(alphas, module, alpha) / (rsLora ? Math.sqrt(foundRank) : foundRank));
    }

    private static double valueOf(Map<String, Rule> rules, String module, double otherwise) {
        return rules.values().stream().filter(rule -> rule.pattern().matches(module)).findFirst().map(Rule::value)
                .orElse(otherwise);
    }
}
