package dev.mme5.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.server.http.Problem;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void theStartIsCutAtTokens() {
        Path mini = Path.of("../models/mini");
        TextTokens tokens = new TextTokens(Tokenizer.open(mini), mini, 512, false);
        Item item = Item.text("input", "the quick brown fox jumps over the lazy dog and 飛行機", false);
        int all = tokens.count(item, "");

        for (int limit = all; limit > 3; limit--) {
            Item rest = tokens.withoutStart(item, limit);
            assertThat(tokens.count(rest, "")).isBetween(Math.max(1, limit - 3), limit);
            assertThat(item.text()).endsWith(rest.text().replaceAll("^\uFFFD+", ""));
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

    private static int[] seen(TextTokens tokens, int[] ids) {
        return tokens.idsOf(tokens.ofModel(ids, "input"), "", Integer.MAX_VALUE).ids();
    }

    /** A part of a word that is left of it would be other tokens. */
    @Test
    void theStartIsCutBetweenWords() {
        Path folder = ENCODERS.resolve("bert-cls");
        Tokenizer tokenizer = Tokenizer.open(folder);
        TextTokens tokens = new TextTokens(tokenizer, folder, 32, false);
        String text = "protein xyxyxyxyxyx female protein";
        int[] all = tokenizer.encode(text);

        assertThat(withoutStart(tokens, text, all.length)).isEqualTo(text);
        assertThat(withoutStart(tokens, text, all.length - 1)).isEqualTo("xyxyxyxyxyx female protein");
        for (int limit = 4; limit < all.length - 1; limit++) assertThat(withoutStart(tokens, text, limit)).isEqualTo("female protein");
        assertThat(withoutStart(tokens, text, 3)).isEqualTo("protein");
    }

    private static String withoutStart(TextTokens tokens, String text, int limit) {
        return tokens.withoutStart(Item.text("input", text, false), limit).text();
    }
}
