package dev.mme5.engine.family.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.ModelCopy;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.MappedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text encoders through the public API; their numbers are compared in GoldenTest. */
class EncoderModelTest {
    private static final Input TEXT = Input.text("query: how much protein");

    @TempDir
    Path folder;

    private ModelCopy copy(String model) {
        return ModelCopy.of(Golden.encoder(model), folder);
    }

    private static Embedding embed(Path model, Input input) {
        try (EmbeddingModel open = EmbeddingModel.open(model)) {
            return open.embed(input);
        }
    }

    @ParameterizedTest
    @Tag("width")
    @ValueSource(strings = {"bert-mean", "bert-cls", "xlm-roberta-mean"})
    void bitsDependNeitherOnTheBatchNorOnThreads(String name) {
        List<Input> texts = IntStream.range(1, 60).mapToObj(i -> Input.text("the protein of " + "passage ".repeat(i % 13) + i)).toList();
        Options options = Options.defaults().withKernels(KernelChoice.VECTOR);
        try (EmbeddingModel one = EmbeddingModel.open(Golden.encoder(name).folder(), options.withThreads(1));
                EmbeddingModel three = EmbeddingModel.open(Golden.encoder(name).folder(), options.withThreads(3))) {
            List<Embedding> together = three.embedAll(texts, ProgressListener.NONE);
            for (int i = 0; i < texts.size(); i++) assertThat(together.get(i)).isEqualTo(one.embed(texts.get(i)));
        }
    }

    /** Copies of weights in panels are heap that calls cannot have; the reference kernels read none. */
    @Test
    void copiesOfWeightsAreInTheMemoryAccount() {
        Options options = Options.defaults();
        try (EmbeddingModel vector = EmbeddingModel.open(Golden.encoder("bert-mean").folder(), options.withKernels(KernelChoice.VECTOR));
                EmbeddingModel scalar =
                        EmbeddingModel.open(Golden.encoder("bert-mean").folder(), options.withKernels(KernelChoice.SCALAR))) {
            assertThat(vector.statistics().bytesLimit()).isLessThan(scalar.statistics().bytesLimit());
        }
    }

    @Test
    void imagesAreRefusedInOneLine() {
        try (EmbeddingModel model = EmbeddingModel.open(Golden.encoder("bert-mean").folder())) {
            assertThatThrownBy(() -> model.embed(Input.image(Golden.IMAGES.resolve("grey_40x40.png"))))
                    .isInstanceOf(InputException.class).hasMessage("the model takes no images, only texts");
        }
    }

    @Test
    void aLongTextIsCutInFrontOfTheClosingToken() {
        try (EmbeddingModel model = EmbeddingModel.open(Golden.encoder("bert-cls").folder())) {
            assertThat(model.maxTokens()).isEqualTo(32);
            Embedding cut = model.embed(Input.text("a ".repeat(100)));
            assertThat(cut.tokens()).isEqualTo(32);
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.values()).isEqualTo(model.embed(Input.text("a ".repeat(30))).values());
        }
    }

    @Test
    void aLimitWithoutRoomForTextIsRefused() {
        String expected = ", expected at least 3 tokens: it leaves no room for text beside the special tokens";
        Input text = Input.text("a a");
        try (EmbeddingModel model = EmbeddingModel.open(Golden.encoder("bert-cls").folder());
                EmbeddingModel limited = EmbeddingModel.open(Golden.encoder("bert-cls").folder(), Options.defaults().withMaxTokens(1))) {
            assertThatThrownBy(() -> model.embed(text.withMaxTokens(1))).isInstanceOf(InputException.class)
                    .hasMessage("the limit is 1" + expected);
            assertThatThrownBy(() -> model.embed(text.withMaxTokens(2))).hasMessage("the limit is 2" + expected);
            assertThat(model.embed(text.withMaxTokens(3))).extracting(Embedding::tokens, Embedding::truncated).containsExactly(3, true);
            assertThat(model.embed(Input.text("").withMaxTokens(2)).tokens()).isEqualTo(2);
            assertThatThrownBy(() -> limited.embed(Input.text(""))).hasMessage("the limit is 1" + expected);
            assertThat(limited.countTokens(text)).isEqualTo(4);
        }
    }

    @Test
    void theFolderNamesItsPrompts() {
        try (EmbeddingModel named = EmbeddingModel.open(Golden.encoder("bert-cls").folder());
                EmbeddingModel unnamed = EmbeddingModel.open(Golden.encoder("bert-mean").folder())) {
            assertThat(named.prompts()).containsExactly(java.util.Map.entry("query", "query: "),
                    java.util.Map.entry("passage", "passage: "));
            assertThat(unnamed.prompts()).isEmpty();
        }
    }

    @Test
    void withoutNormalizeTheMeanKeepsItsLength() throws Exception {
        ModelCopy copy = copy("xlm-roberta-mean");
        Embedding unit = embed(folder, TEXT);
        copy.replace("modules.json", "2_Normalize", "2_X").write("modules.json", """
                [{"idx":0,"path":"","type":"sentence_transformers.models.Transformer"},
                {"idx":1,"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]""");
        float[] mean = embed(folder, TEXT).values();
        ModelInspection.Model described = ModelInspection.of(folder).model().orElseThrow();
        assertThat(described.pooling()).isEqualTo(ModelInspection.Pooling.MEAN);
        assertThat(described.givesUnitVectors()).isFalse();
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            assertThat(model.givesUnitVectors()).isFalse();
        }

        double length = 0;
        for (float value : mean) length += (double) value * value;
        length = Math.sqrt(length);
        assertThat(length).isNotCloseTo(1, within(0.1));
        for (int i = 0; i < mean.length; i++) assertThat(mean[i] / length).isCloseTo(unit.values()[i], within(1e-6));
    }

    @Test
    void poolingByNameIsReadToo() {
        float[] first = embed(Golden.encoder("bert-cls").folder(), TEXT).values();
        copy("bert-cls").write("1_Pooling/config.json", "{\"pooling_mode\":\"cls\"}");
        assertThat(embed(folder, TEXT).values()).isEqualTo(first);
    }

    @Test
    void normsMayBeNamedAsTensorFlowDoes() {
        float[] expected = embed(Golden.encoder("bert-cls").folder(), TEXT).values();
        copy("bert-cls").tensors(tensor -> new MappedTensor(
                tensor.file(),
                tensor.name().replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
                tensor.dtype(), tensor.shape(), tensor.bytes()));
        assertThat(embed(folder, TEXT).values()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert.", "roberta.", "0.auto_model.", "0.model."})
    void tensorsMayHaveTheNameOfTheirModelInFront(String prefix) {
        float[] expected = embed(Golden.encoder("bert-mean").folder(), TEXT).values();
        copy("bert-mean").tensors(tensor -> new MappedTensor(
                tensor.file(), prefix + tensor.name(), tensor.dtype(), tensor.shape(), tensor.bytes()));

        assertThat(embed(folder, TEXT).values()).isEqualTo(expected);
        assertThat(ModelInspection.of(folder).problems()).isEmpty();
    }

    @Test
    void inspectionNamesPartsAndNoImages() {
        ModelInspection found = ModelInspection.of(Golden.encoder("bert-cls").folder());

        assertThat(found.problems()).isEmpty();
        assertThat(found.model().orElseThrow().takesImages()).isFalse();
        assertThat(found.model().orElseThrow().pooling()).isEqualTo(ModelInspection.Pooling.FIRST_TOKEN);
        assertThat(found.model().orElseThrow().givesUnitVectors()).isTrue();
        assertThat(found.parts()).extracting(ModelInspection.Part::name)
                .contains("token embeddings", "positions and types", "encoder layers", "head");
        assertThat(found.memory()).noneMatch(run -> run.run() instanceof ModelInspection.Run.Decoding);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            config.json                | hidden_act               | "gelu_new" | hidden_act: expected "gelu", found "gelu_new"
            config.json                | position_embedding_type  | "relative_key" \
                    | position_embedding_type: expected "absolute", found "relative_key"
            config.json                | is_decoder               | true       | is_decoder: expected false, found true
            config.json                | num_attention_heads      | 5 \
                    | num_attention_heads: expected a divisor of hidden_size 32, found 5
            config.json                | vocab_size               | 100        | expected ids below the 100 rows of word_embeddings, found
            config.json                | type_vocab_size          | 3          | expected shape [3, 32], found [2, 32]
            1_Pooling/config.json      | pooling_mode_max_tokens  | 1          | pooling_mode_max_tokens: expected true or false, found 1
            1_Pooling/config.json      | include_prompt           | false      | include_prompt: expected true, found false
            1_Pooling/config.json      | pooling_mode             | "last" \
                    | pooling_mode: expected one of [cls, max, mean, mean_sqrt_len_tokens, weightedmean, lasttoken], found "last"
            sentence_bert_config.json  | max_seq_length           | 0          | max_seq_length: expected at least 1, found 0
            sentence_bert_config.json  | do_lower_case            | 1          | do_lower_case: expected true or false, found 1
            tokenizer_config.json      | do_lower_case            | "no"       | do_lower_case: expected true or false, found "no"
            tokenizer_config.json      | truncation_side          | "left" \
                    | truncation_side: expected "right", found "left": texts are cut at their end
            """)
    void refusesWhatItCannotDo(String file, String key, String value, String message) {
        ModelCopy copy = copy("bert-cls");
        String json = read(file).strip();
        copy.write(file, json.substring(0, json.length() - 1).replaceFirst("\"" + key + "\": ?[^,}\\n]+,?", "").stripTrailing()
                .replaceFirst(",$", "") + ",\"" + key + "\":" + value + "}");

        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class).hasMessageContaining(message);
    }

    @Test
    void refusesToCutTheBeginning() {
        copy("bert-cls").set("tokenizer.json", "truncation", "{\"direction\":\"Left\"}");

        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("truncation.direction: a tokenizer of another kind: expected \"Right\", found \"Left\"");
    }

    @Test
    void onlyBertTokenizersTakeTheCaseFromTheirSettings() {
        float[] expected = embed(Golden.encoder("bert-cls").folder(), TEXT).values();
        copy("bert-cls").write("tokenizer_config.json", "{\"tokenizer_class\":\"PreTrainedTokenizerFast\",\"do_lower_case\":false}");
        assertThat(embed(folder, TEXT).values()).isEqualTo(expected);
    }

    @Test
    void theClassOfTheTokenizerMayBeInTheConfiguration() {
        float[] expected = embed(Golden.encoder("bert-cls").folder(), Input.text("A CAT AND A DOG")).values();
        ModelCopy copy = copy("bert-cls");
        copy.write("tokenizer_config.json", "{\"do_lower_case\":false}");
        assertThat(embed(folder, Input.text("A CAT AND A DOG")).values()).isNotEqualTo(expected);
        copy.write("config.json", read("config.json").replaceFirst("\\{", "{\"tokenizer_class\":\"PreTrainedTokenizerFast\","));
        assertThat(embed(folder, Input.text("A CAT AND A DOG")).values()).isEqualTo(expected);
    }

    /** Such a folder has RobertaTokenizer, which is not built here; models with a WordPiece name another class. */
    @Test
    void aRobertaMustNameTheClassOfItsTokenizer() {
        copy("xlm-roberta-mean").set("config.json", "model_type", "\"roberta\"");

        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("config.json: tokenizer_class: expected BertTokenizer, XLMRobertaTokenizer or a class that takes all "
                        + "from tokenizer.json, found none, which stands for RobertaTokenizer");
    }

    @Test
    void aFamilyThatNoFileNamesIsMissed() {
        ModelCopy copy = copy("bert-cls");
        copy.write("config.json", read("config.json").replaceFirst("\"model_type\": ?\"bert\",", ""));

        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith(
                        "config.json: expected model_type, or text_config, found neither");
    }

    @Test
    void damagedPromptsAreFoundByAnInspection() {
        copy("bert-cls").write("config_sentence_transformers.json", "{\"prompts\":{\"query\":5}}");

        assertThat(ModelInspection.of(folder).problems()).containsExactly(
                folder.resolve("config_sentence_transformers.json") + ": prompts.query: expected a string, found 5");
    }

    @Test
    void aFileThatSeveralStepsReadIsOneProblem() {
        copy("bert-cls").write("config_sentence_transformers.json", "{");

        assertThat(ModelInspection.of(folder).problems()).singleElement().asString().contains("config_sentence_transformers.json: byte 1");
    }

    @Test
    void damagedPromptsAreFoundBesideOtherProblems() throws IOException {
        copy("bert-cls").write("config_sentence_transformers.json", "{\"prompts\":{\"query\":5}}");
        Files.delete(folder.resolve("tokenizer.json"));

        assertThat(ModelInspection.of(folder).problems()).contains(
                folder.resolve("config_sentence_transformers.json") + ": prompts.query: expected a string, found 5")
                .anyMatch(problem -> problem.contains("tokenizer.json"));
    }

    @Test
    void refusesModulesThatItDoesNotHave() {
        copy("bert-cls").replace("modules.json", "models.Normalize", "models.Dense");

        assertThatThrownBy(() -> EmbeddingModel.open(folder)).isInstanceOf(ModelFormatException.class).hasMessageEndingWith(
                "modules.json: expected the modules Transformer, Pooling and perhaps Normalize, found \"Transformer, Pooling, Dense\"");
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
