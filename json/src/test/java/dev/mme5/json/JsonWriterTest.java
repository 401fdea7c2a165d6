package dev.mme5.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {

    @Test
    void writesCompactTextInTheOrderOfTheCalls() {
        String text = new JsonWriter().beginObject()
                .member("id", "a\"b").member("n", 7).member("ok", true).member("f", 0.1f).member("d", 0.1)
                .member("embedding", new float[] {1, -2.5f, 1e-7f}).member("ids", new int[] {})
                .name("nested").beginArray().beginObject().endObject().beginArray().endArray().nullValue().value(Long.MIN_VALUE).endArray()
                .endObject().toString();

        assertThat(text).isEqualTo("{\"id\":\"a\\\"b\",\"n\":7,\"ok\":true,\"f\":0.1,\"d\":0.1,\"embedding\":[1.0,-2.5,1.0E-7],"
                + "\"ids\":[],\"nested\":[{},[],null,-9223372036854775808]}");
    }

    @Test
    void quotesWhatMustBeAndKeepsItOnOneLine() {
        assertThat(JsonWriter.quote("\"\\\n\r\t\b\0\u001f\u007f\u0085\u2028é😀/"))
                .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0008\\u0000\\u001f\\u007f\\u0085\\u2028é😀/\"");
    }

    @Test
    void escapesLoneSurrogatesBecauseUtf8CannotCarryThem() {
        assertThat(JsonWriter.quote("\ud83d")).isEqualTo("\"\\ud83d\"");
        assertThat(JsonWriter.quote("\ude00\ud83d!")).isEqualTo("\"\\ude00\\ud83d!\"");
    }

    @Test
    void everyCharacterReadsBack() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 251) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) all.appendCodePoint(c);
        }

        assertThat(read(JsonWriter.quote(all.toString()))).isEqualTo(new Json.Text(all.toString()));
    }

    @Test
    void everyFloatReadsBackToTheBit() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (!Float.isFinite(value)) continue;

            Json.Number number = (Json.Number) read(new JsonWriter().value(value).toString());

            assertThat(Float.floatToRawIntBits(Float.parseFloat(number.literal()))).isEqualTo(Float.floatToRawIntBits(value));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double value) {
        assertThatThrownBy(() -> new JsonWriter().value(value)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JSON has no " + value);
        assertThatThrownBy(() -> new JsonWriter().value((float) value)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JSON has no " + value);
    }

    @Test
    void copiesAValueThatWasRead() {
        String text = "{\"a\":[1.50,-0,1e400,true,null,\"x\\ny\",{}],\"b\":{\"c\":false}}";

        assertThat(new JsonWriter().value(read(text)).toString()).isEqualTo(text);
    }

    @Test
    void refusesCallsThatWouldNotGiveJson() {
        assertMisuse("a value is not expected here", () -> new JsonWriter().beginObject().value(1));
        assertMisuse("a value is not expected here", () -> new JsonWriter().beginObject().member("a", 1).value(1));
        assertMisuse("a value is not expected here", () -> new JsonWriter().value(1).value(2));
        assertMisuse("a name is not expected here: a", () -> new JsonWriter().name("a"));
        assertMisuse("a name is not expected here: b", () -> new JsonWriter().beginObject().name("a").name("b"));
        assertMisuse("a name is not expected here: a", () -> new JsonWriter().beginArray().name("a"));
        assertMisuse("'}' is not expected here", () -> new JsonWriter().beginObject().name("a").endObject());
        assertMisuse("'}' is not expected here", () -> new JsonWriter().beginArray().endObject());
        assertMisuse("']' is not expected here", () -> new JsonWriter().endArray());
        assertMisuse("']' is not expected here", () -> new JsonWriter().beginArray().endArray().endArray());
        assertMisuse("unfinished JSON: [1", () -> new JsonWriter().beginArray().value(1).toString());
        assertMisuse("unfinished JSON: ", () -> new JsonWriter().toString());
    }

    private static void assertMisuse(String message, Runnable calls) {
        assertThatThrownBy(calls::run).isInstanceOf(IllegalStateException.class).hasMessage(message);
    }

    private static Json read(String text) {
        return JsonReader.parse(text.getBytes(StandardCharsets.UTF_8), "x.json");
    }
}
