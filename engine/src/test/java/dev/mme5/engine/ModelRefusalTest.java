package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model folder is refused for, and in which words: one line that says file, place, what was expected and what was found. */
class ModelRefusalTest {
    private static final Options SCALAR = Options.defaults().withKernels(KernelChoice.SCALAR);

    @TempDir
    private Path folder;

    private ModelCopy model;

    @BeforeEach
    void copyModel() {
        model = ModelCopy.of("a-bf16-hub", folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            model_type                                | "llama" \
                    | expected "mllama" or "bert" or "roberta" or "xlm-roberta", found "llama"
            model_type                                | "two\\nlines" \
                    | expected "mllama" or "bert" or "roberta" or "xlm-roberta", found "two\\nlines"
            model_type                                | 3                       | expected a string, found 3
            text_config                               | -                       | missing
            text_config                               | [1]                     | expected an object, found an array
            vision_config                             | "small"                 | expected an object, found "small"
            image_token_index                         | 660                     | expected an id below vocab_size + 8 = 660, found 660
            image_token_index                         | -1                      | expected an id below vocab_size + 8 = 660, found -1
            text_config.model_type                    | "llama"                 | expected "mllama_text_model", found "llama"
            text_config.hidden_act                    | "gelu"                  | expected "silu", found "gelu"
            text_config.hidden_size                   | "64"                    | expected an integer, found "64"
            text_config.hidden_size                   | 64.5                    | expected an integer, found 64.5
            text_config.hidden_size                   | 0                       | expected 1 to 1048576, found 0
            text_config.hidden_size                   | 4294967360              | expected an integer of 32 bits, found 4294967360
            text_config.vocab_size                    | -1                      | expected 1 to 2147483639, found -1
            text_config.num_hidden_layers             | 0                       | expected 1 to 10000, found 0
            text_config.num_attention_heads           | 5                       | expected a divisor of hidden_size 64, found 5
            text_config.num_attention_heads           | 64                      | expected heads of even width, found 64 / 64 = 1
            text_config.num_key_value_heads           | 3                       | expected a divisor of num_attention_heads 4, found 3
            text_config.head_dim                      | 32                      | expected hidden_size / num_attention_heads = 16, found 32
            text_config.intermediate_size             | []                      | expected an integer, found an array
            text_config.rms_norm_eps                  | -1e-5                   | expected 0 to 1, found -1.0E-5
            text_config.rms_norm_eps                  | "1e-5"                  | expected a number, found "1e-5"
            text_config.max_position_embeddings       | 0                       | expected 1 to 2147483647, found 0
            text_config.cross_attention_layers        | [1, 6]                  | expected indices from 0 to 5, found 6
            text_config.cross_attention_layers        | [-1, 4]                 | expected indices from 0 to 5, found -1
            text_config.cross_attention_layers        | [1, 1]                  | index 1 occurs twice
            text_config.cross_attention_layers        | -                       | expected indices from 0 to 5, found 8
            text_config.rope_theta                    | 0                       | expected more than 0, found 0.0
            text_config.rope_scaling                  | "llama3"                | expected an object, found "llama3"
            text_config.rope_scaling.rope_type        | "yarn"                  | expected "default" or "llama3", found "yarn"
            text_config.rope_scaling.rope_type        | 3                       | expected a string, found 3
            text_config.rope_scaling.factor           | -                       | missing
            text_config.rope_scaling.factor           | 0                       | expected more than 0, found 0.0
            text_config.rope_scaling.low_freq_factor  | -1                      | expected more than 0, found -1.0
            text_config.rope_scaling.high_freq_factor | 1                       | expected more than low_freq_factor 1.0, found 1.0
            text_config.rope_scaling.original_max_position_embeddings | 0       | expected at least 1, found 0
            vision_config.model_type                  | "clip"                  | expected "mllama_vision_model", found "clip"
            vision_config.hidden_act                  | "quick_gelu"            | expected "gelu", found "quick_gelu"
            vision_config.num_channels                | 1                       | expected 3, found 1
            vision_config.attention_heads             | 5                       | expected a divisor of hidden_size 48, found 5
            vision_config.num_global_layers           | -1                      | expected 0 to 10000, found -1
            vision_config.image_size                  | 9000                    | expected 1 to 8192, found 9000
            vision_config.patch_size                  | 29                      | expected at most image_size 28, found 29
            vision_config.max_num_tiles               | 65                      | expected 1 to 64, found 65
            vision_config.intermediate_layers_indices | [6]                     | expected indices from 0 to 5, found 6
            vision_config.intermediate_layers_indices | [1, 2] \
                    | expected hidden_size * (1 + intermediate layers) = 144, found 192
            vision_config.vision_output_dim           | 191 \
                    | expected hidden_size * (1 + intermediate layers) = 192, found 191
            vision_config.supported_aspect_ratios     | []                      | expected at least one tile grid, found none
            vision_config.supported_aspect_ratios     | [[1, 5]] \
                    | expected [rows, columns] of at most max_num_tiles = 4 tiles
            vision_config.supported_aspect_ratios     | [[1, 1, 1]] \
                    | expected [rows, columns] of at most max_num_tiles = 4 tiles
            vision_config.supported_aspect_ratios     | [[1, 1], [1, 1]]        | occurs twice
            vision_config.supported_aspect_ratios     | [1, 2]                  | expected an array, found 1
            vision_config.norm_eps                    | 1                       | expected 0 to 1, found 1.0
            """)
    void refusesAConfigValueAndSaysWhy(String place, String value, String problem) {
        model.set("config.json", place, value);

        String message = refusal();

        assertThat(message).startsWith(folder.resolve("config.json") + ": ").endsWith(": " + problem);
        assertThat(message).contains(
                place.equals("vision_config.intermediate_layers_indices") && value.equals("[1, 2]") ? "vision_output_dim" : place);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            size            | {"height": 30, "width": 30} | size.height: expected image_size of config.json, 28, found 30
            max_image_tiles | 2                           | max_image_tiles: 2 tiles can be arranged as [[1, 1], [1, 2], [2, 1]], but supported_aspect_ratios of config.json is [[1, 1], [1, 2], [1, 3], [1, 4], [2, 1], [2, 2], [3, 1], [4, 1]]
            size            | {"height": 28, "width": 30} | size: expected a square of 1 pixel or more, found height 28, width 30
            size            | [28, 28]                    | size: expected an object, found an array
            resample        | 3                           | resample: expected 2 (bilinear), found 3
            do_pad          | false                       | do_pad: expected true, found false: no step can be left out
            image_mean      | [0.5, 0.5]                  | image_mean: expected 3 numbers, found 2
            """)
    void refusesAPreprocessorThatDoesNotFit(String place, String value, String problem) {
        model.set("preprocessor_config.json", place, value);

        assertThat(refusal()).isEqualTo(folder.resolve("preprocessor_config.json") + ": " + problem);
    }

    @Test
    void refusesIdsBeyondTheRowsOfTheEmbeddings() {
        model.set("config.json", "text_config.vocab_size", "640").set("config.json", "image_token_index", "640");

        assertThat(refusal()).isEqualTo(folder.resolve("tokenizer.json") + ": expected ids below the 648 rows of embed_tokens, found 652");
    }

    @Test
    void refusesATokenizerWhoseImageTokenIsElsewhere() {
        model.set("config.json", "image_token_index", "651");

        assertThat(refusal())
                .isEqualTo(folder.resolve("tokenizer.json") + ": <|image|>: expected image_token_index of config.json, 651, found 652");
    }

    @Test
    void refusesATokenizerWithoutTheTokenOfImages() {
        model.replace("tokenizer.json", "<|image|>", "<|something|>");

        assertThat(refusal()).isEqualTo(folder.resolve("tokenizer.json") + ": added_tokens: expected <|image|>, found none");
    }

    @Test
    void refusesATokenizerWithoutTheTokenOfBeginnings() {
        model.replace("tokenizer.json", "<|begin_of_text|>", "<|something|>");

        assertThat(refusal()).isEqualTo(folder.resolve("tokenizer_config.json")
                + ": bos_token: expected an added token of tokenizer.json, found \"<|begin_of_text|>\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"})
    void refusesAFolderWithoutAFile(String file) {
        model.without(file);

        assertThat(refusal()).startsWith(folder.resolve(file) + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"})
    void refusesAFileThatIsNoJson(String file) {
        model.write(file, "{\"a\": 1");

        assertThat(refusal()).startsWith(folder.resolve(file) + ": ");
    }

    @Test
    void refusesAFolderWithoutWeights() {
        model.without("model.safetensors");

        assertThat(refusal()).isEqualTo(folder + ": expected model.safetensors or model.safetensors.index.json, found neither");
    }

    @Test
    void refusesWhatIsNoFolder() throws Exception {
        assertThat(refusal(folder.resolve("nowhere"))).isEqualTo(folder.resolve("nowhere") + ": no such folder");
        assertThat(refusal(folder.resolve("config.json"))).isEqualTo(folder.resolve("config.json") + ": not a folder");
        assertThat(Files.list(folder)).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "language_model.model.embed_tokens.weight",
        "language_model.model.layers.5.mlp.down_proj.weight",
        "language_model.model.layers.4.cross_attn_attn_gate",
        "multi_modal_projector.bias",
        "vision_model.class_embedding",
        "vision_model.patch_embedding.weight",
        "vision_model.global_transformer.layers.1.gate_ffn"
    })
    void refusesAMissingTensor(String name) {
        model.tensors(tensor -> tensor.name().equals(name) ? null : tensor);

        String normalised = name.replace("language_model.model.", "language_model.");
        assertThat(refusal()).startsWith(folder.toString()).endsWith(": " + normalised + ": missing tensor");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            language_model.model.embed_tokens.weight                    | [660, 64]
            language_model.model.layers.1.cross_attn.k_proj.weight      | [32, 64]
            language_model.model.layers.1.cross_attn.q_norm.weight      | [16]
            language_model.model.layers.4.cross_attn_mlp_gate           | [1]
            multi_modal_projector.weight                                | [64, 192]
            vision_model.patch_embedding.weight                         | [48, 3, 7, 7]
            vision_model.gated_positional_embedding.tile_embedding.weight | [9, 3264]
            vision_model.transformer.layers.4.mlp.fc1.bias              | [80]
            """)
    void refusesAMisshapenTensorWithBothShapes(String name, String shape) {
        model.tensors(tensor -> tensor.name().equals(name) ? new MappedTensor("", name, DType.BF16, shape(3, 5), zeros(30)) : tensor);

        assertThat(refusal())
                .isEqualTo("%s: %s: expected shape %s, found [3, 5]".formatted(folder.resolve("model.safetensors"), name, shape));
    }

    @Test
    void refusesWeightsOfATypeThatIsNoFloat() {
        String name = "vision_model.layernorm_pre.weight";
        model.tensors(tensor -> tensor.name().equals(name) ? new MappedTensor("", name, DType.I8, tensor.shape(), zeros(48)) : tensor);

        assertThat(refusal()).isEqualTo(folder.resolve("model.safetensors") + ": " + name + ": expected BF16, F16 or F32, found I8");
    }

    @Test
    void moreLayersThanTheWeightsHaveAreMissingTensors() {
        model.set("config.json", "text_config.num_hidden_layers", "7");

        assertThat(refusal()).endsWith("language_model.layers.6.input_layernorm.weight: missing tensor");
    }

    @Test
    void weightsThatAreNotNumbersFailTheInputNotTheModel() {
        String name = "language_model.model.norm.weight";
        float[] nan = new float[64];
        nan[7] = Float.NaN;
        model.tensors(tensor -> tensor.name().equals(name) ? MappedTensor.ofFloats(name, nan, 64) : tensor);

        try (EmbeddingModel opened = EmbeddingModel.open(folder, SCALAR)) {
            assertThatThrownBy(() -> opened.embed(Input.text("a cat")))
                    .isInstanceOfSatisfying(InputException.class,
                            error -> assertThat(error.reason()).isEqualTo(InputException.Reason.NOT_FINITE))
                    .hasMessage("the model computed NaN: its weights are damaged or too large for float32");
        }
    }

    /** Whatever a number is set to, opening succeeds or refuses in one line. */
    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {
        "image_token_index", "text_config.vocab_size", "text_config.hidden_size", "text_config.num_hidden_layers",
        "text_config.num_attention_heads", "text_config.num_key_value_heads", "text_config.intermediate_size",
        "text_config.rms_norm_eps", "text_config.rope_theta", "text_config.rope_scaling", "text_config.rope_scaling.factor",
        "text_config.max_position_embeddings", "text_config.cross_attention_layers", "vision_config.hidden_size",
        "vision_config.num_hidden_layers", "vision_config.num_global_layers", "vision_config.attention_heads",
        "vision_config.intermediate_size", "vision_config.image_size", "vision_config.patch_size", "vision_config.norm_eps",
        "vision_config.max_num_tiles", "vision_config.intermediate_layers_indices", "vision_config.supported_aspect_ratios",
        "vision_config.vision_output_dim", "vision_config", "text_config"
    })
    void anyValueIsTakenOrRefusedInOneLine(String place) {
        List<String> values = List.of("0", "1", "-1", "2", "3", "7", "8192", "1048576", "2147483647", "-2147483648", "2147483648", "1e300",
                "1e-300", "0.5",
                "\"7\"", "\"a\\nb\"", "null", "true", "[]", "{}", "[0]", "[[1, 1]]", "[2147483647]", "[null]", "[[\"a\"]]");
        for (String value : values) {
            Throwable thrown = catchThrowable(() -> open(ModelCopy.of("a-bf16-hub", Files.createTempDirectory(folder, "model"))
                    .set("config.json", place, value)
                    .folder()));

            if (thrown == null) continue;
            assertThat(thrown).as("%s = %s", place, value).isExactlyInstanceOf(ModelFormatException.class);
            assertThat(thrown.getMessage()).as("%s = %s", place, value).doesNotContain("\n");
        }
    }

    @Test
    void sizesThatNoArrayCanHoldAreRefusedByTheConfig() {
        model.set("config.json", "vision_config.image_size", "8192");
        model.set("config.json", "vision_config.patch_size", "1");
        model.set("preprocessor_config.json", "size", "{\"height\": 8192, \"width\": 8192}");

        assertThat(refusal())
                .endsWith("vision_config.max_num_tiles: 4 tiles of 67108865 tokens, 192 numbers each, are more than fit in an array");
    }

    private String refusal() {
        return refusal(folder);
    }

    /** The message that the folder is refused with: of the one exception there is for this, and one line. */
    private static String refusal(Path folder) {
        Throwable thrown = catchThrowable(() -> open(folder));
        assertThat(thrown).isExactlyInstanceOf(ModelFormatException.class);
        assertThat(thrown.getMessage()).doesNotContain("\n");
        return thrown.getMessage();
    }

    private static void open(Path folder) {
        EmbeddingModel.open(folder, SCALAR).close();
    }

    private static Shape shape(long... dims) {
        return new Shape(dims);
    }

    private static MemorySegment zeros(int bytes) {
        return MemorySegment.ofArray(new byte[bytes]);
    }
}
