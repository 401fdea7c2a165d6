package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.Golden;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other programs in a model folder: what would change vectors is used or refused, never ignored. */
class ForeignFilesTest {
    private static final Path MODEL = Golden.ROOT.resolve("models/a-bf16-hub");
    private static final String CUSTOM = "{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"custom_st.MultiModalTransformer\"}";
    private static final String OWN = "{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"sentence_transformers.models.Transformer\"}";
    private static final String POOLING = module(1, "1_Pooling", "Pooling");
    private static final String NORMALIZE = module(2, "2_Normalize", "Normalize");
    private static final String LAST_TOKEN =
            "{\"word_embedding_dimension\":64,\"pooling_mode_cls_token\":false,\"pooling_mode_mean_tokens\":false,"
                    + "\"pooling_mode_lasttoken\":true}";
    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
                    + "size 942870\n";

    @TempDir
    private Path folder;

    private static String module(int index, String path, String type) {
        return "{\"idx\":%d,\"name\":\"%d\",\"path\":\"%s\",\"type\":\"sentence_transformers.models.%s\"}".formatted(index, index, path,
                type);
    }

    @BeforeEach
    void copyModel() throws IOException {
        try (Stream<Path> files = Files.list(MODEL)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void opens() {
        EmbeddingModel.open(folder).close();
        assertThat(ModelInspection.of(folder).problems()).isEmpty();
    }

    private void isRefused(String... words) {
        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class).hasMessageContainingAll(words);
        assertThat(ModelInspection.of(folder).problems()).anySatisfy(problem -> assertThat(problem).contains(words));
    }

    @Test
    void stepsThatTheModelComputesAreAccepted() throws IOException {
        write("modules.json", "[" + CUSTOM + "," + POOLING + "," + NORMALIZE + "]");
        write("1_Pooling/config.json", LAST_TOKEN);
        write("config_sentence_transformers.json", "{\"prompts\":{},\"default_prompt_name\":null,\"similarity_fn_name\":\"cosine\"}");
        opens();
    }

    @Test
    void customClassMayPool() throws IOException {
        write("modules.json", "[" + CUSTOM + "," + NORMALIZE + "]");
        opens();
    }

    @Test
    void newNameOfPoolingIsRead() throws IOException {
        write("modules.json", "[" + OWN + "," + POOLING + "," + NORMALIZE + "]");
        write("1_Pooling/config.json", "{\"embedding_dimension\":64,\"pooling_mode\":\"lasttoken\"}");
        opens();
        write("1_Pooling/config.json", "{\"embedding_dimension\":64,\"pooling_mode\":\"mean\"}");
        isRefused("1_Pooling", "pooling_mode", "lasttoken", "mean");
    }

    @Test
    void denseStepIsRefused() throws IOException {
        write("modules.json", "[" + CUSTOM + "," + module(1, "2_Dense", "Dense") + "," + NORMALIZE + "]");
        isRefused("modules.json", "[1].type", "Dense");
    }

    @Test
    void normalizeOfSomethingElseIsRefused() throws IOException {
        write("modules.json", "[" + CUSTOM + "," + module(1, "./2_Normalize/", "Normalize") + "]");
        write("2_Normalize/config.json", "{\"module_input_name\":\"sentence_embedding\"}");
        opens();
        write("2_Normalize/config.json", "{\"module_input_name\":\"token_embeddings\"}");
        isRefused("2_Normalize/config.json: module_input_name", "sentence_embedding", "token_embeddings");
    }

    @Test
    void missingStepsAreRefused() throws IOException {
        write("modules.json", "[" + CUSTOM + "]");
        isRefused("modules.json", "Normalize");
        write("modules.json", "[" + OWN + "," + NORMALIZE + "]");
        isRefused("modules.json", "Pooling");
    }

    @Test
    void transformerThatIsAnotherClassIsRefused() throws IOException {
        write("modules.json", "[" + CUSTOM.replace("custom_st", "my_code") + "," + POOLING + "," + NORMALIZE + "]");
        write("1_Pooling/config.json", LAST_TOKEN);
        isRefused("modules.json", "my_code.MultiModalTransformer");
    }

    @Test
    void otherPoolingIsRefused() throws IOException {
        write("modules.json", "[" + OWN + "," + POOLING + "," + NORMALIZE + "]");
        write("1_Pooling/config.json", LAST_TOKEN.replace("cls_token\":false", "cls_token\":true"));
        isRefused("pooling_mode_cls_token", "lasttoken");
        write("1_Pooling/config.json", "{}");
        isRefused("pooling_mode", "mean");
        Files.delete(folder.resolve("1_Pooling/config.json"));
        isRefused("1_Pooling", "not found");
    }

    @ParameterizedTest
    @CsvSource({
        "config_sentence_transformers.json, default_prompt_name, '\"query\"'", "config_sentence_transformers.json, truncate_dim, 32",
        "sentence_bert_config.json, do_lower_case, true", "sentence_bert_config.json, max_seq_length, 512",
        "sentence_roberta_config.json, max_seq_length, 512", "sentence_xlm-roberta_config.json, max_seq_length, 512"})
    void settingsThatChangeVectorsAreRefused(String file, String key, String value) throws IOException {
        write("modules.json", "[" + OWN + "," + POOLING + "," + NORMALIZE + "]");
        write("1_Pooling/config.json", LAST_TOKEN);
        write(file, "{\"" + key + "\":" + value + "}");
        isRefused(file, key);
    }

    @Test
    void poolingFolderMustBeInTheModelFolder() throws IOException {
        write("modules.json", "[" + OWN + "," + module(1, "../1_Pooling", "Pooling") + "," + NORMALIZE + "]");
        isRefused("modules.json", "plain file name");
    }

    @Test
    void processorConfigOfTransformersFiveIsRead() throws IOException {
        String old = Files.readString(folder.resolve("preprocessor_config.json"));
        Input input = Input.image(Golden.IMAGES.resolve("rgba_61x40.png"));
        float[] expected;
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            expected = model.embed(input).values();
        }
        Files.delete(folder.resolve("preprocessor_config.json"));
        write("processor_config.json", "{\"image_processor\":" + old + ",\"processor_class\":\"MllamaProcessor\"}");
        String fingerprint;
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            assertThat(model.embed(input).values()).isEqualTo(expected);
            fingerprint = model.fingerprint();
        }

        String other = old.replaceFirst("0\\.48145466", "0.5");
        write("processor_config.json", "{\"image_processor\":" + other + ",\"processor_class\":\"MllamaProcessor\"}");
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            assertThat(model.embed(input).values()).isNotEqualTo(expected);
            assertThat(model.fingerprint()).isNotEqualTo(fingerprint);
        }
        write("preprocessor_config.json", old);
        isRefused("processor_config.json", "image_processor", "preprocessor_config.json");
        write("preprocessor_config.json", other);
        opens();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors",
        "modules.json"})
    void gitLfsPointerIsNamed(String file) throws IOException {
        Files.writeString(folder.resolve(file), LFS);
        isRefused(file, "git-lfs", "git lfs pull");
    }

    @Test
    void adapterIsMergedOrRefused() throws IOException {
        Path adapter = Golden.ROOT.resolve("adapters/plain");
        String config = Files.readString(adapter.resolve("adapter_config.json"));
        write("adapter_config.json", config);
        isRefused("adapter_model.safetensors", "found none");
        copyAdapter(adapter);
        opens();
        write("adapter_config.json", config.replace("\"use_dora\": false", "\"use_dora\": true"));
        isRefused("adapter_config.json", "use_dora");
        write("adapter_config.json", config.replace("\"fan_in_fan_out\": false", "\"fan_in_fan_out\": true"));
        isRefused("adapter_config.json", "fan_in_fan_out");
        write("adapter_config.json", config.replace("\"LORA\"", "\"IA3\""));
        isRefused("adapter_config.json", "peft_type", "IA3");
        write("adapter_config.json", config.replace("\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa\""));
        isRefused("adapter_config.json", "init_lora_weights", "pissa");
        write("adapter_config.json", config.replace("\"r\": 4", "\"r\": 5"));
        isRefused("adapter_config.json", "r:", "expected 4");
        write("adapter_config.json", config.replace("\"rank_pattern\": {}", "\"rank_pattern\": {\"(?=a)b\": 4}"));
        isRefused("adapter_config.json", "rank_pattern", "found (?= at offset 0");
        write("adapter_config.json", config.replace("\"rank_pattern\": {}", "\"rank_pattern\": {\"^{2000000000}z\": 4}"));
        isRefused("adapter_config.json", "rank_pattern", "found {20 at offset 1");
        Files.delete(folder.resolve("adapter_config.json"));
        isRefused("adapter_config.json", "not found");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void patternThatMatchesInManyWaysIsMatchedSoon() throws IOException {
        Path adapter = Golden.ROOT.resolve("adapters/plain");
        String config = Files.readString(adapter.resolve("adapter_config.json"));
        copyAdapter(adapter);
        write("adapter_config.json", config.replace("\"rank_pattern\": {}", "\"rank_pattern\": {\"" + "(.|.)".repeat(39) + "z\": 4}"));
        opens();
    }

    private void copyAdapter(Path adapter) throws IOException {
        Files.copy(adapter.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void adapterOfAnotherModelIsRefused() throws IOException {
        write("adapter_config.json", Files.readString(Golden.ROOT.resolve("adapters/biases/adapter_config.json")));
        copyAdapter(Golden.ROOT.resolve("adapters/biases"));
        isRefused("adapter_model.safetensors", "expected");
    }

    @Test
    void adapterTensorsAmongTheWeightsAreRefused() throws IOException {
        Files.copy(Golden.ROOT.resolve("adapters/plain/adapter_model.safetensors"), folder.resolve("model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        isRefused("model.safetensors", "lora_", "merge_and_unload");
    }

    @Test
    void adapterWithoutModelIsNamed() throws IOException {
        Files.delete(folder.resolve("config.json"));
        write("adapter_config.json", "{}");
        isRefused("adapter_config.json", "base model");
    }
}
