package dev.mme5.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.server.http.Problem;
import dev.mme5.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTokensTest {
    private static final Path ENCODERS = Path.of("../engine/src/test/resources/golden-encoder/models");
    private static final Path LLAMA3 = Path.of("../.cache/llama3/tokenizer.json");

    @Test
    void idsOfCl100kAreTextsWhereTheVocabularyHasThem() {
        Assumptions.assumeTrue(Files.exists(LLAMA3), "the vocabulary of Llama 3 is not part of the repository");
        TextTokens tokens = new TextTokens(Tokenizer.read(LLAMA3), LLAMA3.getParent(), 100, false);

        // tiktoken: encoding_for_model("text-embedding-3-small").encode("Hello, world! 飛行機")
        assertThat(tokens.ofCl100k(new int[] {9906, 11, 1917, 0}, "input")).isEqualTo("Hello, world!");
        assertThatThrownBy(() -> tokens.ofCl100k(new int[] {9906, 100_257}, "input")).isInstanceOf(Problem.class)
                .hasMessageContaining("from 0 to 100255").hasMessageContaining("100257 at 1");
    }

    @Test
    void anotherVocabularyRefusesThem() {
        TextTokens tokens = new TextTokens(Tokenizer.open(Path.of("../models/mini")), Path.of("../models/mini"), 100, false);

        assertThatThrownBy(() -> tokens.ofCl100k(new int[] {1}, "input[2]")).isInstanceOf(Problem.class)
                .hasMessageContaining("\"token_ids\": \"model\"");
    }

    /** XLM-R's vocabulary has U+FDFA in its normal form of 18 characters. */
    @Test
    void charactersThatGrowWhenNormalisedAreCounted() {
        Path mini = Path.of("../models/mini");
        TextTokens tokens = new TextTokens(Tokenizer.open(mini), mini, 512, false);

        assertThat(tokens.isSurelyWithin(Item.text("input", "a cat", false), 512)).isTrue();
        assertThat(tokens.isSurelyWithin(Item.text("input", "\uFDFA".repeat(100), false), 512)).isFalse();
    }

    /** A byte-level tokenizer, as Llama 3's. */
    @Test
    void ofBytesTheStartIsCutAtTokens() {
        Path mini = Path.of("../models/mini");
        Tokenizer tokenizer = Tokenizer.open(mini);
        TextTokens tokens = new TextTokens(tokenizer, mini, 512, false);
        Item item = Item.text("input", "the quick brown incomprehensibility jumps over the lazy dog and \u98db\u884c\u6a5f", false);
        int all = tokens.count(item, "");
        int[] ids = tokenizer.encodeRaw(item.text());

        for (int limit = all; limit > 3; limit--) {
            Item rest = tokens.withoutStart(item, limit);
            assertThat(tokens.count(rest, "")).isBetween(Math.max(1, limit - 3), limit);
            assertThat(item.text()).endsWith(rest.text().replaceAll("^\uFFFD+", ""));
        }
        for (int dropped = 1; dropped < 6; dropped++) {
            assertThat(tokenizer.encodeRaw(tokens.withoutStart(item, all - dropped).text()))
                    .isEqualTo(Arrays.copyOfRange(ids, dropped, ids.length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-cls", "xlm-roberta-mean"})
    void inLongWordsTheStartIsCutBetweenCharacters(String model) {
        Path folder = ENCODERS.resolve(model);
        TextTokens tokens = new TextTokens(Tokenizer.open(folder), folder, 512, false);
        int pieces = 7;   // as many as a part of a word may have, in place of the word's one token
        for (String text : new String[] {"proteinfemale".repeat(7), "female " + "xy\ud83d\ude80".repeat(24) + "\u98db protein",
            "\u98db\u884c\u6a5f".repeat(40), "protein, ".repeat(40)}) {
            Item item = Item.text("input", text, false);
            int none = tokens.count(item.withText(""), "");

            assertThatThrownBy(() -> tokens.withoutStart(item, none))
                    .hasMessage("input: the limit of %d tokens leaves no room for text".formatted(none));   // of the model or the request
            for (int limit = tokens.count(item, ""); limit > none + 1; limit--) {   // a character may have two tokens
                Item rest = tokens.withoutStart(item, limit);
                assertThat(text).endsWith(rest.text());
                assertThat(rest.text()).isNotEmpty().doesNotMatch("(?s)[\udc00-\udfff].*");
                assertThat(tokens.count(rest, "")).as(rest.text()).isBetween(limit - Math.max(pieces, (limit - none) / 4), limit);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"bert-cls, [MASK], [SEP]", "xlm-roberta-mean, <mask>, </s>"})
    void idsThatATextEncoderSeesAreNotPutBetweenSpecialTokensAgain(String name, String mask, String separator) {
        Path folder = ENCODERS.resolve(name);
        Tokenizer tokenizer = Tokenizer.open(folder);
        TextTokens tokens = new TextTokens(tokenizer, folder, 32, false);

        for (String text : new String[] {"protein", "query: protein", "female " + mask + " protein", separator}) {
            int[] all = tokenizer.encode(text);
            assertThat(seen(tokens, all)).as(text).isEqualTo(all);
            int[] ofText = Arrays.copyOfRange(all, 1, all.length - 1);
            assertThat(seen(tokens, ofText)).as("the text alone of " + text).isEqualTo(all);
        }
        int[] none = tokenizer.encode("");
        assertThat(seen(tokens, none)).isEqualTo(none);
    }

    /** Of a model whose prompts have no begin-of-text token, what looks like one is text. */
    @Test
    void onlyModelsWithABeginOfTextTokenDropTheTokenizersOwn() {
        Path folder = ENCODERS.resolve("xlm-roberta-mean");
        Tokenizer tokenizer = Tokenizer.open(folder);
        TextTokens tokens = new TextTokens(tokenizer, folder, 512, true);
        String text = "<|begin_of_text|> protein";

        assertThat(tokens.idsOf(Item.text("input", text, false), "", 100).ids()).isEqualTo(tokenizer.encode(text));
        assertThat(tokens.encode(text, true).ids()).isEqualTo(tokenizer.encode(text));
    }

    private static int[] seen(TextTokens tokens, int[] ids) {
        return tokens.idsOf(tokens.ofModel(ids, "input"), "", Integer.MAX_VALUE).ids();
    }

    /** A part of a word that is left of it would be other tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"", " \u2603", "\u2603 protein"})
    void theStartIsCutBetweenWords(String end) {
        Path folder = ENCODERS.resolve("bert-cls");
        TextTokens tokens = new TextTokens(Tokenizer.open(folder), folder, 32, false);
        String text = "protein " + "xyxy female ".repeat(20) + "protein" + end;
        int all = tokens.count(Item.text("input", text, false), "");

        assertThat(withoutStart(tokens, text, all)).isEqualTo(text);
        assertThat(withoutStart(tokens, text, all - 1)).isEqualTo(text.substring("protein ".length()));
        for (int limit = all - 2; limit > 25; limit--) {
            assertThat(text).endsWith(" " + withoutStart(tokens, text, limit));
            assertThat(withoutStart(tokens, text, limit)).matches("(?s)(xyxy|female) .*");
        }
    }

    @Test
    void idsWithoutADecoderAreRefusedForThat(@TempDir Path copy) throws IOException {
        Path folder = ENCODERS.resolve("bert-cls");
        String file = Files.readString(folder.resolve("tokenizer.json"));
        Path changed = Files.writeString(copy.resolve("tokenizer.json"),
                file.replaceFirst("\"decoder\": \\{[^}]*}", "\"decoder\": null"));
        TextTokens tokens = new TextTokens(Tokenizer.read(changed), folder, 32, false);

        int[] ids = Tokenizer.open(folder).encode("xyxy");
        assertThatThrownBy(() -> tokens.ofModel(ids, "input")).isInstanceOf(Problem.class).hasMessageContaining("has no decoder");
    }

    private static String withoutStart(TextTokens tokens, String text, int limit) {
        return tokens.withoutStart(Item.text("input", text, false), limit).text();
    }
}
