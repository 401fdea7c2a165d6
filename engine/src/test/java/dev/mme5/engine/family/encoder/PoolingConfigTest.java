package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingConfigTest {
    @TempDir
    private Path folder;

    @Test
    void withoutFilesItIsAsE5WasTrained() {
        assertThat(PoolingConfig.read(folder)).isEqualTo(new PoolingConfig(List.of(SequencePooling.MEAN), true, OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"pooling_mode": "mean"}                                                        | MEAN
            {"pooling_mode": "cls"}                                                         | FIRST
            {"pooling_mode_mean_tokens": true}                                              | MEAN
            {"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}             | FIRST
            {"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false}            | MEAN
            {"pooling_mode_mean_tokens": true, "include_prompt": true}                      | MEAN
            {}                                                                              | MEAN
            {"pooling_mode_cls_token": false}                                               | MEAN
            {"pooling_mode": ["max"]}                                                       | MAX
            {"pooling_mode": "lasttoken", "pooling_mode_cls_token": true}                   | LAST
            {"pooling_mode": ["weightedmean", "mean_sqrt_len_tokens", "cls"]}               | WEIGHTED_MEAN MEAN_SQRT_LENGTH FIRST
            {"pooling_mode_lasttoken": true, "pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true} | FIRST MEAN LAST
            {"pooling_mode_weightedmean_tokens": true, "pooling_mode_max_tokens": true}     | MAX WEIGHTED_MEAN
            {"pooling_mode_mean_sqrt_len_tokens": true}                                     | MEAN_SQRT_LENGTH
            """)
    void theModesAreReadFromEitherForm(String pooling, String expected) throws IOException {
        write(PoolingConfig.POOLING, pooling);

        assertThat(PoolingConfig.read(folder).modes()).extracting(SequencePooling::name).containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"pooling_mode": "min"} \
                    | pooling_mode: expected one of [cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken], found "min"
            {"pooling_mode": ["mean", "Mean"]} \
                    | pooling_mode[1]: expected one of [cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken], found "Mean"
            {"pooling_mode": []}                                                  | pooling_mode: expected 1 to 6 modes, found 0
            {"pooling_mode": ["cls","cls","cls","cls","cls","cls","cls"]}         | pooling_mode: expected 1 to 6 modes, found 7
            {"pooling_mode_min_tokens": true}                                     | pooling_mode_min_tokens: an unknown pooling mode
            {"pooling_mode": "mean", "include_prompt": false}                     | include_prompt: expected true, found false
            {"pooling_mode_mean_tokens": 1}                                       | pooling_mode_mean_tokens: expected
            """)
    void otherModesAreRefused(String pooling, String message) throws IOException {
        write(PoolingConfig.POOLING, pooling);

        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Transformer Pooling           | false
            Transformer Pooling Normalize | true
            Transformer Pooling Dropout   | false
            Transformer Pooling Normalize Dropout Normalize | true
            """)
    void theModulesSayWhetherVectorsAreScaled(String kinds, boolean normalize) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules(kinds));

        assertThat(PoolingConfig.read(folder).normalize()).isEqualTo(normalize);
    }

    @ParameterizedTest
    @CsvSource({"Transformer", "Pooling Transformer", "Transformer Pooling Dense", "Transformer Normalize Pooling",
        "Transformer Pooling Pooling"})
    void otherModulesAreRefused(String kinds) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules(kinds));

        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("modules.json: ");
    }

    /** As for models of many vectors, where the states of tokens are scaled. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"module_input_name": "token_embeddings"}                                            | module_input_name
            {"module_input_name": "sentence_embedding", "module_output_name": "token_embeddings"} | module_output_name
            """)
    void aNormalizeOfSomethingElseIsRefused(String config, String key) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules("Transformer Pooling Normalize"));
        write("2_Normalize/config.json", "{\"module_input_name\": \"sentence_embedding\", \"module_output_name\": null}");
        assertThat(PoolingConfig.read(folder).normalize()).isTrue();

        write("2_Normalize/config.json", config);
        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class).hasMessage(
                folder.resolve("2_Normalize/config.json") + ": " + key + ": expected \"sentence_embedding\", found \"token_embeddings\"");
    }

    /** As sentence-transformers opens it. */
    @ParameterizedTest
    @ValueSource(strings = {"2_Normalize/", "./2_Normalize", "modules/2_Normalize", "1_Pooling/../2_Normalize"})
    void thePathOfANormalizeMayLeadThroughFolders(String path) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules("Transformer Pooling Normalize").replace("2_Normalize", path));
        assertThat(PoolingConfig.read(folder).normalize()).isTrue();

        write(path + "/config.json", "{\"module_input_name\": \"token_embeddings\"}");
        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("2_Normalize/config.json: module_input_name: expected ");
    }

    @Test
    void theFilesOfANormalizeThatLiesElsewhereAreNotRead(@TempDir Path elsewhere) throws IOException {
        String damaged = "{";
        Files.writeString(elsewhere.resolve("config.json"), damaged);
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        for (String path : List.of("../" + elsewhere.getFileName(), elsewhere.toString(), ".", "missing")) {
            assertThat(folder.resolve(path).resolve("config.json").toFile().exists()).isEqualTo(path.contains("/"));
            write(PoolingConfig.MODULES, modules("Transformer Pooling Normalize").replace("2_Normalize", path));

            assertThat(PoolingConfig.read(folder).normalize()).as(path).isTrue();
        }

        Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        write(PoolingConfig.MODULES, modules("Transformer Pooling Normalize").replace("2_Normalize", "link/"));
        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("link/config.json: expected a file in the model folder, found a link to ");
        write(PoolingConfig.MODULES, modules("Transformer Pooling Normalize").replace("2_Normalize", "\\u0000"));
        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(folder.resolve(PoolingConfig.MODULES) + ": [2].path: expected a path, found ");
    }

    @ParameterizedTest
    @CsvSource({"sentence_transformers.models.Transformer, sentence_transformers.models.Pooling.Pooling, true",
        "sentence_transformers.base.modules.transformer.Transformer, sentence_transformers.sentence_transformer.modules.Pooling, true",
        "sentence_transformers.models.Foo.Transformer, sentence_transformers.models.Pooling, false",
        "sentence_transformers.Transformer, sentence_transformers.models.Pooling, false",
        "sentence_transformers.models.Transformer, sentence_transformers.sparse_encoder.Pooling, false"})
    void typesOfModulesAreThoseOfAnyRelease(String first, String second, boolean isKnown) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        String modules = "[{\"name\":\"0\",\"path\":\"\",\"type\":\"%s\"},{\"name\":\"%d\",\"path\":\"1_Pooling\",\"type\":\"%s\"}]";
        write(PoolingConfig.MODULES, modules.formatted(first, 1, second));

        if (isKnown) {
            PoolingConfig.read(folder);
            write(PoolingConfig.MODULES, modules.formatted(first, 0, second));
            assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                    .hasMessageEndingWith("modules.json: [1].name: expected another name than those before, found \"0\"");
        } else {
            assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining(".type: expected a module of sentence_transformers, found ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", textBlock = """
            {"max_seq_length": 512}                           | 512 | -
            {}                                                | -   | -
            {"max_seq_length": 0}                             | -   | expected at least 1, found 0
            {"max_seq_length": 5, "do_lower_case": true}      | 5   | -
            """)
    void theLongestTextIsReadIfAFileSaysIt(String length, Integer expected, String message) throws IOException {
        write("sentence_bert_config.json", length);

        if (message == null) {
            assertThat(PoolingConfig.read(folder).maxTokens()).isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
        } else {
            assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class).hasMessageContaining(message);
        }
    }

    /** As sentence-transformers and AutoTokenizer do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', nullValues = "-", textBlock = """
            {"model_max_length": 128}                             | 128
            {"max_len": 64}                                       | 64
            {"max_len": 64, "model_max_length": 128}              | 128
            {"model_max_length": 1000000000000000019884624838656} | -
            {"model_max_length": null}                            | -
            {"model_max_length": null, "max_len": 64}             | -
            {}                                                    | -
            """)
    void theTokenizersLimitCountsWhereSentenceTransformersSaysNone(String tokenizer, Integer expected) throws IOException {
        OptionalInt limit = expected == null ? OptionalInt.empty() : OptionalInt.of(expected);
        write("tokenizer_config.json", tokenizer);

        assertThat(PoolingConfig.read(folder).maxTokens()).isEqualTo(limit);
        write("sentence_bert_config.json", "{\"max_seq_length\": null}");
        assertThat(PoolingConfig.read(folder).maxTokens()).isEqualTo(limit);
        write("sentence_bert_config.json", "{\"max_seq_length\": 512}");
        assertThat(PoolingConfig.read(folder).maxTokens()).hasValue(512);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"tokenizer_args": {"do_lower_case": false}} \
                    | tokenizer_args: expected none, found [do_lower_case]: they are not applied here
            {"processor_kwargs": {"model_max_length": 9}} \
                    | processor_kwargs: expected none, found [model_max_length]: they are not applied here
            {"config_args": {"hidden_act": "relu"}}         | config_args: expected none, found [hidden_act]: they are not applied here
            {"processing_kwargs": {"text": {"max_length": 8}}} | processing_kwargs: expected none, found [text]: they are not applied here
            {"tokenizer_name_or_path": "x"}                 | tokenizer_name_or_path: expected none, found "x": they are not applied here
            {"query_length": 8}                             | query_length: expected none, found 8: they are not applied here
            {"model_args": {"dtype": "bfloat16"}} \
                    | model_args.dtype: expected "float32" or "auto", found "bfloat16": all is computed in float32
            {"model_kwargs": {"hidden_act": "relu"}}        | model_kwargs.hidden_act: expected none, found "relu": it is not applied here
            {"transformer_task": "fill-mask"}               | transformer_task: expected "feature-extraction", found "fill-mask"
            {"module_output_name": "sentence_embedding"}    | module_output_name: expected "token_embeddings", found "sentence_embedding"
            {"modality_config": {"text": {"method_output_name": "pooler_output"}}} \
                    | modality_config.text.method_output_name: expected "last_hidden_state", found "pooler_output"
            """)
    void argumentsForTransformersAreRefused(String settings, String message) throws IOException {
        write("sentence_bert_config.json", settings);

        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessage(folder.resolve("sentence_bert_config.json") + ": " + message);
    }

    @Test
    void settingsAsSentenceTransformers6SavesThemAreRead() throws IOException {
        write("sentence_bert_config.json", """
                {"transformer_task": "feature-extraction", "modality_config": {"text": {"method": "forward",
                "method_output_name": "last_hidden_state"}}, "module_output_name": "token_embeddings", "processor_kwargs": {},
                "model_kwargs": {"attn_implementation": "sdpa", "trust_remote_code": true, "add_pooling_layer": false, "dtype": "auto"},
                "unpad_inputs": false, "processing_kwargs": {}, "query_length": null}""");

        assertThat(PoolingConfig.read(folder).maxTokens()).isEmpty();
    }

    @Test
    void modelsOfAnotherKindAreRefused() throws IOException {
        write("config_sentence_transformers.json", "{\"model_type\": \"SparseEncoder\"}");

        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith(
                        "config_sentence_transformers.json: model_type: expected \"SentenceTransformer\", found \"SparseEncoder\"");
    }

    private static String modules(String kinds) {
        StringBuilder modules = new StringBuilder("[");
        for (String kind : kinds.split(" ")) {
            String path = kind.equals("Transformer") ? "" : kind.equals("Pooling") ? "1_Pooling" : "2_" + kind;
            modules.append(modules.length() == 1 ? "" : ", ")
                    .append("{\"type\": \"sentence_transformers.models.%s\", \"path\": \"%s\"}".formatted(kind, path));
        }
        return modules + "]";
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }
}
