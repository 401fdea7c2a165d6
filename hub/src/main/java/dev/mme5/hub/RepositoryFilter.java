package dev.mme5.hub;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which files of a repository are fetched besides its weights. The weights are always {@code model.safetensors}, or the shards
 * that {@code model.safetensors.index.json} names.
 */
@FunctionalInterface
public interface RepositoryFilter {

    /**
     * @param path with {@code /} between folders
     */
    boolean accepts(String path);

    /** Configurations, tokenizer, pooling, README and licences: all that may change a vector or its use. */
    static RepositoryFilter defaults() {
        Set<String> names = Set.of("config.json", "preprocessor_config.json", "processor_config.json", "tokenizer.json",
                "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.json", "generation_config.json",
                "adapter_config.json", "modules.json", "config_sentence_transformers.json",
                "quantization.json", "SHA256SUMS");
        Pattern others = Pattern.compile(
                "[1-9]_[A-Za-z]+/config\\.json|sentence_[a-z-]+_config\\.json|(README|LICEN[CS]E|NOTICE|USE_POLICY)[A-Za-z0-9._-]*");
        Pattern unwanted = Pattern.compile(".*\\.(py|bin|onnx|pt|pth|h5|msgpack|gguf|ckpt|tflite|ot|zip)");
        return path -> (names.contains(path) || others.matcher(path).matches()) && !unwanted.matcher(path).matches();
    }
}
