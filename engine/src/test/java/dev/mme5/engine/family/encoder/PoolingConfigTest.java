package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolingConfigTest {
    @TempDir
    private Path folder;

    @Test
    void withoutFilesItIsAsE5WasTrained() {
        assertThat(PoolingConfig.read(folder)).isEqualTo(new PoolingConfig(SequencePooling.MEAN, true, OptionalInt.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"pooling_mode": "mean"}                                                        | MEAN
            {"pooling_mode": "cls"}                                                         | FIRST
            {"pooling_mode_mean_tokens": true}                                              | MEAN
            {"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}             | FIRST
            {"pooling_mode_mean_tokens": true, "pooling_mode_max_tokens": false}            | MEAN
            {"pooling_mode_mean_tokens": true, "include_prompt": true}                      | MEAN
            """)
    void theModeIsReadFromEitherForm(String pooling, SequencePooling expected) throws IOException {
        write(PoolingConfig.POOLING, pooling);

        assertThat(PoolingConfig.read(folder).pooling()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                                                    | expected one pooling mode, found none
            {"pooling_mode": "max"}                                               | expected "mean" or "cls", found "max"
            {"pooling_mode_max_tokens": true}                                     | only the mean or the first token can be pooled
            {"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}    | a second pooling mode; expected one
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
            """)
    void theModulesSayWhetherVectorsAreScaled(String kinds, boolean normalize) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules(kinds));

        assertThat(PoolingConfig.read(folder).normalize()).isEqualTo(normalize);
    }

    @ParameterizedTest
    @CsvSource({"Transformer", "Pooling Transformer", "Transformer Pooling Dense", "Transformer Pooling Normalize Normalize"})
    void otherModulesAreRefused(String kinds) throws IOException {
        write(PoolingConfig.POOLING, "{\"pooling_mode\": \"mean\"}");
        write(PoolingConfig.MODULES, modules(kinds));

        assertThatThrownBy(() -> PoolingConfig.read(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("modules.json: ");
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
