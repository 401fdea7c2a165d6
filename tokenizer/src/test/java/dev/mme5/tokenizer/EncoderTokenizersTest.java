package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of 1,200 texts by the tokenizers library; {@code encoder-ids/make_encoder_ids.py} made them. */
class EncoderTokenizersTest {
    /** Where the conversion of real weights puts the folder; see docs/E5.md. */
    private static final Path E5 = Path.of("..", ".cache", "e5-small-v2", "tokenizer.json");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes"})
    void unigramGivesTheIdsOfTheLibrary(String name) throws IOException {
        assertSameIds(name, unigram(name));
    }

    @Test
    void wordPieceGivesTheIdsOfTheLibrary() throws IOException {
        assumeTrue(Files.exists(E5), "e5-small-v2 is not unpacked");
        assertSameIds("e5-small-v2", Tokenizer.read(E5));
    }

    /** The library cuts the text, and then adds the special tokens. */
    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram-bytes"})
    void truncationKeepsTheClosingToken(String name) throws IOException {
        Tokenizer tokenizer = unigram(name);
        String text = "passage: as a general guideline";
        int[] all = tokenizer.encode(text);
        for (int max = 1; max <= all.length + 1; max++) {
            Encoding cut = tokenizer.encode(text, max);

            int[] expected = Arrays.copyOf(all, Math.min(max, all.length));
            if (max > 1) expected[expected.length - 1] = all[all.length - 1];
            assertThat(cut.ids()).as("at most %d", max).isEqualTo(expected);
            assertThat(cut.truncated()).isEqualTo(max < all.length);
        }
    }

    @Test
    void decodingPutsTheSpacesBack() throws IOException {
        Tokenizer tokenizer = unigram("unigram");

        assertThat(tokenizer.decode(tokenizer.encode("query: how much protein"), false)).isEqualTo("query: how much protein");
    }

    private Tokenizer unigram(String name) throws IOException {
        return Tokenizer.read(Files.write(temporary.resolve(name + ".json"), unzipped(name)));
    }

    private static void assertSameIds(String name, Tokenizer tokenizer) throws IOException {
        List<String> texts = array("texts").texts();
        JsonArray ids = array("ids-" + name);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] expected = ids.array(i).integers();
            int[] found = tokenizer.encode(texts.get(i));
            if (!Arrays.equals(found, expected)) {
                wrong.add("%s: expected %s, found %s".formatted(escaped(texts.get(i)), Arrays.toString(expected), Arrays.toString(found)));
            }
        }
        assertThat(texts).hasSizeGreaterThan(1000);
        assertThat(wrong).isEmpty();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 0x20 || c > 0x7E ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
        return escaped.toString();
    }

    private static JsonArray array(String name) throws IOException {
        return (JsonArray) JsonReader.parse(unzipped(name), name);
    }

    private static byte[] unzipped(String name) throws IOException {
        try (InputStream in = new GZIPInputStream(EncoderTokenizersTest.class.getResourceAsStream("/encoder-ids/" + name + ".json.gz"))) {
            return in.readAllBytes();
        }
    }
}
