package dev.mme5.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A text is refused with its location, as a git-lfs pointer, or reading, writing and reading again gives the same values. */
class JsonReaderFuzzTest {
    /** Upper bound of the memory for each byte of text; an object with one member needs the most. */
    private static final int ALLOCATED_PER_BYTE = 500;

    static Stream<byte[]> seeds() {
        String[] texts = {"{\"a\":[1,-2.5e3,true,false,null,\"\\u00e9\\ud83d\\ude00\\n\"],\"é\":{}}", "[[],{},\"\"]", "0", "\"\\/\\b\\f\""};
        return Stream.concat(Stream.of(texts).map(text -> text.getBytes(UTF_8)), Fixtures.ofEveryModel("config.json"));
    }

    @MethodSource("seeds")
    @FuzzTest
    void json(byte[] text) {
        Json json;
        try {
            json = Bounds.within(100_000 + (long) ALLOCATED_PER_BYTE * text.length, () -> JsonReader.parse(text, "x"));
        } catch (ModelFormatException refused) {
            if (refused.getMessage().equals("x: " + JsonReader.LFS_PROBLEM)) return; // the whole file is another, so it has no place
            assertThat(refused.getMessage()).startsWith("x: byte ").doesNotContain("\n");
            return;
        }
        String written = new JsonWriter().value(json).toString();

        assertThat(written).doesNotContain("\n");
        assertThat(new JsonWriter().value(JsonReader.parse(written.getBytes(UTF_8), "x")).toString()).isEqualTo(written);
    }
}
