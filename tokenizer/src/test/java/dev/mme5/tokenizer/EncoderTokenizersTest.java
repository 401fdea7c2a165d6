package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import java.io.ByteArrayInputStream;
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

    /** Metaspace with {@code "prepend_scheme": "first"}, behind several normalizers; {@code encoder-ids/make_first_ids.py} made the ids. */
    @Test
    void metaspacePrependsOnlyAtTheBeginningOfTheText() throws IOException {
        JsonObject cases = (JsonObject) JsonReader.parse(resource("first-variants.json"), "first-variants.json");
        List<String> all = array("texts").texts();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += 6) texts.add(all.get(i));
        for (String start : cases.array("starts").texts()) all.subList(0, 20).forEach(text -> texts.add(start + text));
        JsonArray variants = cases.array("variants");
        for (int i = 0; i < variants.size(); i++) {
            JsonObject variant = variants.object(i);
            JsonObject file = (JsonObject) JsonReader.parse(unzipped(variant.text("base")), variant.text("base"));
            Path path = Files.writeString(temporary.resolve("first-" + i + ".json"), with(file, variant.object("members")));
            assertSameIds(texts, array("ids-first").array(i), Tokenizer.read(path));
        }
    }

    /** The object with other values of some members. */
    private static String with(JsonObject object, JsonObject others) {
        JsonWriter out = new JsonWriter().beginObject();
        for (String key : object.keys()) out.member(key, others.keys().contains(key) ? others.get(key) : object.get(key));
        return out.endObject().toString();
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
        assertThat(texts).hasSizeGreaterThan(1000);
        assertSameIds(texts, array("ids-" + name), tokenizer);
    }

    private static void assertSameIds(List<String> texts, JsonArray ids, Tokenizer tokenizer) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int[] expected = ids.array(i).integers();
            int[] found = tokenizer.encode(texts.get(i));
            if (!Arrays.equals(found, expected)) {
                wrong.add("%s: expected %s, found %s".formatted(escaped(texts.get(i)), Arrays.toString(expected), Arrays.toString(found)));
            }
        }
        assertThat(ids.size()).isEqualTo(texts.size());
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
        return new GZIPInputStream(new ByteArrayInputStream(resource(name + ".json.gz"))).readAllBytes();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EncoderTokenizersTest.class.getResourceAsStream("/encoder-ids/" + name)) {
            return in.readAllBytes();
        }
    }
}
