package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Places of tokens in texts that are normalised; - stands for none. */
class TokenPlacesTest {
    private static final String WORD_PIECE =
            """
            {"added_tokens":[{"id":0,"content":"[UNK]","special":true},{"id":1,"content":"[CLS]","special":true},
            {"id":2,"content":"[SEP]","special":true}],"normalizer":null,"pre_tokenizer":null,"post_processor":null,"decoder":null,
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
            "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"em":3,"##bed":4,"##ding":5,"of":6,"cafe":7,"a":8,"!":9,
            "\\u98db":10,"\\u884c":11,"##a":12}}}""";

    private static final String UNIGRAM = """
            {"added_tokens":[{"id":0,"content":"<s>","special":true},{"id":2,"content":"</s>","special":true},
            {"id":3,"content":"<unk>","special":true}],"normalizer":{"type":"NFKC"},"pre_tokenizer":%s,"post_processor":null,
            "decoder":{"type":"Metaspace","replacement":"\\u2581"},"model":{"type":"Unigram","unk_id":3,
            "vocab":[["<s>",0],["<pad>",0],["</s>",0],["<unk>",0],["\\u2581",-2],["a",-3],["\\u2581a",-1],["fi",-2],["f",-5],["i",-5],
            ["b",-3],["\\u00e9",-4]]}}""";

    private static final String AROUND = """
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"of","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
            {"SpecialToken":{"id":"end","type_id":0}}],"pair":[],"special_tokens":{"of":{"id":"of","ids":[6],"tokens":["of"]},
            "end":{"id":"end","ids":[8,2],"tokens":["a","[SEP]"]}}}""";

    @TempDir
    private Path folder;

    private Tokenizer open(String tokenizerJson, String config) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), tokenizerJson);
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
        return Tokenizer.open(folder);
    }

    private String places(String tokenizerJson, String config, String text) throws IOException {
        Tokenizer tokenizer = open(tokenizerJson, config);
        return places(tokenizer, text, tokenizer.encodeText("", text, false));
    }

    private static String places(Tokenizer tokenizer, String text, EncodedText encoded) {
        int[] places = tokenizer.places(text, encoded);
        assertThat(places).hasSize(2 * encoded.ids().length);
        StringJoiner joined = new StringJoiner(" ");
        for (int i = 0; i < places.length; i += 2) joined.add(places[i] < 0 ? "-" : places[i] + ":" + places[i + 1]);
        return joined.toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            embedding of a|0:2 2:5 5:9 10:12 13:14
            Embedding  OF\ta!|0:2 2:5 5:9 11:13 14:15 15:16
            cafe\u0301 CAF\u00C9 a|0:4 6:10 11:12
            a\u98DB\u884Ca|0:1 1:2 2:3 3:4
            a\u200Da|0:1 2:3
            x of|- 2:4
            a!x!a xof a|0:1 1:2 - 3:4 4:5 - 10:11
            !x!x! a|0:1 - 2:3 - 4:5 6:7
            [SEP]a|- - - 5:6
            x\u98DBx\u884Cx|- 1:2 - 3:4 -
            \uD83D\uDE80 of|- 3:5
            a ##bed a|0:1 - - - 8:9
            """)
    void wordPiecesAreWhereTheyComeFrom(String text, String expected) throws IOException {
        assertThat(places(WORD_PIECE, "{\"tokenizer_class\":\"BertTokenizer\"}", text))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"Metaspace","replacement":"\u2581"}                                             | 0:1 2:3 3:4 - - - 7:8 - 9:10 - 12:13
            {"type":"Metaspace","replacement":"\u2581","split":false}                               | 0:1 2:3 3:4 - - - 7:8 - 9:10 - 12:13
            """)
    void unigramTokensAreWhereTheyComeFrom(String preTokenizer, String expected) throws IOException {
        assertThat(places(UNIGRAM.formatted(preTokenizer), "{}", "a ab x b \uFB01  a")).isEqualTo(expected);
    }

    @Test
    void anUnknownTokenIsNotTakenForItsName() throws IOException {
        String file = WORD_PIECE.replace("{\"id\":0,\"content\":\"[UNK]\",\"special\":true},", "")
                .replace("\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"}");
        assertThat(places(file, "{}", "a [UNK]x embed")).isEqualTo("0:1 - 9:11 11:14");
    }

    /** Ids around those of the text, which it could be taken for, have no places. */
    @Test
    void theTextIsNotLookedForInWhatIsAroundIt() throws IOException {
        Tokenizer tokenizer = open(WORD_PIECE.replace("\"post_processor\":null", "\"post_processor\":" + AROUND)
                .replace("\"pre_tokenizer\":null", "\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"}"), "{}");
        EncodedText encoded = tokenizer.encodeText("of ", "of a", true);
        assertThat(encoded).extracting(EncodedText::from, EncodedText::to).containsExactly(2, 4);
        assertThat(encoded.ids()).containsExactly(6, 6, 6, 8, 8, 2).isEqualTo(tokenizer.encodePlain("of ", "of a", 100).ids());

        assertThat(places(tokenizer, "of a", encoded)).isEqualTo("- - 0:2 3:4 - -");
    }

    @Test
    @Timeout(60)
    void timeGrowsWithTheLength() throws IOException {
        String text = "Embedding caf\u00E9 x! ".repeat(20_000) + "x\u0301".repeat(100_000) + "a" + "\u0301".repeat(100_000) + " of";
        assertThat(places(WORD_PIECE, "{\"tokenizer_class\":\"BertTokenizer\"}", text))
                .endsWith(" " + (text.length() - 2) + ":" + text.length());
    }

    @Test
    void byteLevelTokenizersHaveNone() throws IOException {
        Tokenizer tokenizer = TokenizerFile.hello().tokenizer();
        assertThatThrownBy(() -> tokenizer.places("a", tokenizer.encodeText("", "a", false))).isInstanceOf(IllegalStateException.class);
    }
}
