package dev.mme5.tokenizer.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.TokenizerFile;
import dev.mme5.tokenizer.common.IntPairMap;
import dev.mme5.tokenizer.common.LibraryNumber;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading from the bytes gives the same tables as reading the tree; everything unusual is left to the tree. */
class RawVocabularyReaderTest {
    private static final String FILE = TokenizerFile.hello().json();

    private static RawVocabularyReader read(String json) {
        RawVocabularyReader reader = new RawVocabularyReader();
        JsonReader.parseObject(json.getBytes(UTF_8), "tokenizer.json", reader);
        return reader;
    }

    /** Reads a file that the tree may refuse. */
    private static RawVocabularyReader tryToRead(String json) {
        RawVocabularyReader reader = new RawVocabularyReader();
        try {
            JsonReader.parseObject(json.getBytes(UTF_8), "tokenizer.json", reader);
        } catch (ModelFormatException refused) {
            assertThat(refused).hasMessageStartingWith("tokenizer.json: byte ");
        }
        return reader;
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/test/resources/fixtures/bos", "src/test/resources/fixtures/no-bos", "../models/mini", "../.cache/llama3"})
    void readsWhatTheTreeHas(String folder) throws IOException {
        Path file = Path.of(folder, "tokenizer.json");
        assumeTrue(Files.exists(file), "the real Llama 3 vocabulary is not here: run tokenizer/src/test/fetch-llama3-tokenizer.sh");

        assertSame(Files.readString(file));
    }

    private static void assertSame(String json) {
        RawVocabularyReader direct = read(json);
        JsonObject model = JsonReader.parseObject(json.getBytes(UTF_8), "tokenizer.json").object("model");
        TokenTable tokens = VocabularyReader.read(model.object("vocab"));
        IntPairMap merges = BytePairModelReader.merges(model.array("merges"), tokens);

        assertThat(direct.tokens()).as("vocab was read from the bytes").isNotNull();
        assertThat(direct.merges()).as("merges were read from the bytes").isNotNull();
        assertThat(direct.tokens().size()).isEqualTo(tokens.size());
        assertThat(direct.tokens().maxLength()).isEqualTo(tokens.maxLength());
        for (int id = 0; id < tokens.size(); id++) {
            assertThat(direct.tokens().has(id)).isEqualTo(tokens.has(id));
            if (!tokens.has(id)) continue;
            String token = tokens.token(id);
            assertThat(direct.tokens().token(id)).isEqualTo(token);
            assertThat(direct.tokens().id(token)).isEqualTo(id);
        }
        JsonArray pairs = model.array("merges");
        for (int rank = 0; rank < pairs.size(); rank++) {
            boolean isText = pairs.get(rank) instanceof Json.Text;
            String[] pair = isText ? pairs.text(rank).split(" ") : pairs.array(rank).texts().toArray(new String[2]);
            int left = tokens.id(pair[0]);
            int right = tokens.id(pair[1]);
            assertThat(direct.merges().get(left, right)).isEqualTo(merges.get(left, right)).isNotEqualTo(IntPairMap.ABSENT);
        }
    }

    @Test
    void readsEveryUsualWayOfWriting() {
        assertSame(FILE);
        assertSame(FILE.replace("\"vocab\":{", "\"vocab\" :\t{\n  ").replace("\"he\":256,", "\"he\" : 256 ,\n")
                .replace("},\"merges\":[", "\n},\"merges\" : [\r\n")
                .replace("\"h e\",", "\"h e\" ,\t").replace("]}}", " \n] } }"));
        assertSame(FILE.replace("\"h e\"", "[\"h\",\"e\"]").replace("\"he llo\"", "[ \"he\" , \"llo\" ]"));
        assertSame(FILE.replace("Ġ", "\\u0120").replace("ġ", "\\u0121").replace("\"/\":", "\"\\/\":").replace("Ņ", "\\u0145"));
        assertSame(FILE.replace("\"he\":256", "\"he\":300"));
        assertSame(FILE.replace("\"ll o\"", "\"ll o\",\"ll o\""));
        assertSame(FILE.replace("\"merges\"", "\"m\":1,\"merges\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            "he":256  # "he":256.0
            "he":256  # "he":2e2
            "he":256  # "he":0256
            "he":256  # "he":-1
            "he":256  # "he":10000001
            "he":256  # "he":99999999999999
            "he":256  # "he":"256"
            "he":256  # "he":null
            "he":256  # "he":97
            "he":256  # "he":256,"\u65e5":300,"\u65e5":301
            "he":256  # "he":256,"\u65e5":300,"\\u65e5":301
            "he":256  # "he":256,"\\ud83d\u65e5":300
            "he":256  # "he":256,"\\ude00 ":300
            "he":256  # "he":256,"\\x":300
            """)
    void leavesAnUnusualVocabularyToTheTree(String what, String by) {
        RawVocabularyReader direct = tryToRead(FILE.replace(what, by));

        assertThat(direct.tokens()).isNull();
        assertThat(direct.merges()).isNull();
    }

    /** A token that is not in the byte alphabet; merges are then left to the tree. */
    @ParameterizedTest
    @ValueSource(strings = {"x y", "\u65e5", "a\\\"b \\/", "\\u65e5\\u00e9", "\\ud83d\\uDE00", "\\n\\t\\r\\b\\f"})
    void readsTokensAsTheyAreWritten(String token) {
        String json = FILE.replace("\"he\":256", "\"he\":256,\"" + token + "\":300");
        RawVocabularyReader direct = read(json);
        TokenTable tokens = VocabularyReader.readLiteral(JsonReader.parseObject(json.getBytes(UTF_8), "x").object("model").object("vocab"));

        assertThat(direct.tokens().isByteLevel()).isFalse();
        assertThat(direct.merges()).isNull();
        assertThat(direct.tokens().size()).isEqualTo(tokens.size());
        for (int id = 0; id < tokens.size(); id++) {
            assertThat(direct.tokens().has(id)).isEqualTo(tokens.has(id));
            if (tokens.has(id)) assertThat(direct.tokens().token(id)).isEqualTo(tokens.token(id));
        }
        assertThat(TokenizerFile.read(json).encodeRaw("hello hello")).containsExactly(259, 260);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"he\"", "\"h  e\"", "\" h e\"", "\"h e \"", "\"h x\"", "\"zz zz\"", "[\"h\"]", "[\"h\",\"e\",\"l\"]",
        "[\"\",\"e\"]", "[]",
        "1", "{}", "[\"h\",1]", "\"\\u65e5 e\""})
    void leavesUnusualMergesToTheTree(String merge) {
        RawVocabularyReader direct = read(FILE.replace("\"h e\"", merge));

        assertThat(direct.tokens()).isNotNull();
        assertThat(direct.merges()).isNull();
    }

    @Test
    void readsMergesThatStandBeforeTheVocabularyByTheTree() {
        int vocab = FILE.indexOf("\"vocab\"");
        int merges = FILE.indexOf("\"merges\"");
        int end = FILE.indexOf("]}}", merges) + 1;
        String swapped =
                FILE.substring(0, vocab) + FILE.substring(merges, end) + "," + FILE.substring(vocab, merges - 1) + FILE.substring(end);

        assertThat(read(swapped).merges()).isNull();
        assertThat(TokenizerFile.read(swapped).encodeRaw("hello hello")).containsExactly(259, 260);
    }

    @Test
    void takesNoContainerOfTheSamePlaceElsewhere() {
        String json = FILE.replaceFirst("\\{", "{\"model.vocab\":{\"a\":0},\"x\":{\"model\":{\"vocab\":{\"b\":0}}},");

        assertSame(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes"})
    void readsTokensWithScores(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/encoder-ids/" + name + ".json.gz")) {
            assertSameScores(new String(new GZIPInputStream(in).readAllBytes(), UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"a\",-1.5]", "[\"a\",0]", "[\"a\",-3.4635426998138428]", "[\"a\",1e-7]", " [ \"a\"\n,\t-2.0 ]\r ", "[\"\",0.0]",
                "[\"\\u2581\\ud83d\\ude00\\n\",-1]", "[\"\u2581\u65e5\",-12345678901234567.5]"})
    void readsEveryUsualWayOfWritingScores(String entry) {
        assertSameScores(scored("[\"<unk>\",0.0]," + entry + ",[\"b\",-2.25]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"b\",-1]", "[\"a\"]", "[\"a\",1,2]", "[\"a\",\"1\"]", "[\"a\",null]", "[1,\"a\"]", "[\"a\",1e400]", "[\"a\",01]",
                "[\"a\",-]", "[]", "{}", "\"a\"", "[\"a\",1}", "[\"\\ud83d\",1]", "[\"\u0007\",1]"})
    void leavesUnusualScoresToTheTree(String entry) {
        RawVocabularyReader direct = tryToRead(scored("[\"<unk>\",0.0]," + entry + ",[\"b\",-2.25]"));

        assertThat(direct.scores()).isNull();
        assertThat(direct.scoredTokens()).isNull();
    }

    @Test
    void aTokenWithAScoreMayBeAsLongAsOneWithout() {
        assertSameScores(scored("[\"%s\",-1]".formatted("x".repeat(1024))));

        assertThat(read(scored("[\"%s\",-1]".formatted("x".repeat(1025)))).scores()).isNull();
        assertThat(read(scored("[\"%s\",-1]".formatted("x".repeat(1021) + "\\u2581"))).scores()).isNull();
    }

    private static String scored(String entries) {
        return "{\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[" + entries + "]}}";
    }

    private static void assertSameScores(String json) {
        RawVocabularyReader direct = read(json);
        JsonArray entries = JsonReader.parseObject(json.getBytes(UTF_8), "x").object("model").array("vocab");

        assertThat(direct.scores()).as("vocab was read from the bytes").hasSize(entries.size());
        assertThat(direct.scoredTokens().size()).isEqualTo(entries.size());
        for (int id = 0; id < entries.size(); id++) {
            assertThat(direct.scoredTokens().token(id)).isEqualTo(entries.array(id).text(0));
            assertThat(direct.scoredTokens().id(entries.array(id).text(0))).isEqualTo(id);
            assertThat(direct.scores()[id]).isEqualTo(LibraryNumber.of(entries.array(id).number(1)));
        }
        assertThat(direct.tokens()).isNull();
    }
}
