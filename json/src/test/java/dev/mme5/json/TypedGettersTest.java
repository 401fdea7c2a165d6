package dev.mme5.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedGettersTest {
    private enum Getter {
        OBJECT(JsonObject::object, JsonArray::object),
        ARRAY(JsonObject::array, JsonArray::array),
        TEXT(JsonObject::text, JsonArray::text),
        INTEGER(JsonObject::integer, JsonArray::integer),
        LONG(JsonObject::longInteger, JsonArray::longInteger),
        NUMBER(JsonObject::number, JsonArray::number),
        BOOL(JsonObject::bool, JsonArray::bool);

        final BiFunction<JsonObject, String, Object> member;
        final BiFunction<JsonArray, Integer, Object> element;

        Getter(BiFunction<JsonObject, String, Object> member, BiFunction<JsonArray, Integer, Object> element) {
            this.member = member;
            this.element = element;
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        OBJECT  | []                   | expected an object, found an array
        OBJECT  | null                 | expected an object, found null
        ARRAY   | {}                   | expected an array, found an object
        ARRAY   | "x"                  | expected an array, found "x"
        TEXT    | 3                    | expected a string, found 3
        TEXT    | null                 | expected a string, found null
        BOOL    | 1                    | expected true or false, found 1
        BOOL    | "true"               | expected true or false, found "true"
        INTEGER | "3"                  | expected an integer, found "3"
        INTEGER | 3.5                  | expected an integer, found 3.5
        INTEGER | 1e-1                 | expected an integer, found 1e-1
        INTEGER | true                 | expected an integer, found true
        INTEGER | 2147483648           | expected an integer of 32 bits, found 2147483648
        INTEGER | -2147483649          | expected an integer of 32 bits, found -2147483649
        INTEGER | 9223372036854775808  | expected an integer, found 9223372036854775808
        INTEGER | 1e999999999          | expected an integer, found 1e999999999
        INTEGER | 1e-999999999         | expected an integer, found 1e-999999999
        INTEGER | 1e99999999999        | expected an integer, found 1e99999999999
        LONG    | 9223372036854775808  | expected an integer, found 9223372036854775808
        LONG    | 0.5                  | expected an integer, found 0.5
        NUMBER  | "1"                  | expected a number, found "1"
        NUMBER  | null                 | expected a number, found null
        NUMBER  | 1e999                | expected a finite number, found 1e999
        TEXT    | 11111111111111111111111111111111111111112222 | expected a string, found 1111111111111111111111111111111111111111...
        INTEGER | "a\\nb"              | expected an integer, found "a\\nb"
        """)
    void refuseAnotherTypeAndSayWhatTheyFound(Getter getter, String value, String problem) {
        JsonObject json = parse("{\"outer\":{\"list\":[0," + value + "],\"key\":" + value + "}}").object("outer");

        assertThatThrownBy(() -> getter.member.apply(json, "key")).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: outer.key: " + problem);
        assertThatThrownBy(() -> getter.element.apply(json.array("list"), 1)).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: outer.list[1]: " + problem);
    }

    @Test
    void refuseAMissingMember() {
        for (Getter getter : Getter.values()) {
            assertThatThrownBy(() -> getter.member.apply(parse("{}"), "key")).isInstanceOf(ModelFormatException.class)
                    .hasMessage("x.json: key: missing");
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "3.0, 3", "3e2, 300", "30e-1, 3", "-0, 0", "-0.0, 0", "2147483647, 2147483647", "-2147483648, -2147483648"})
    void anIntegerIsOneByItsValueNotByItsSpelling(String literal, int value) {
        assertThat(parse("{\"a\":" + literal + "}").integer("a")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 9007199254740993L, Long.MAX_VALUE})
    void longIntegersAreExact(long value) {
        assertThat(parse("{\"a\":" + value + "}").longInteger("a")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1e-5, 500000.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE})
    void numbersAreRoundedToTheNearestDouble(double value) {
        assertThat(parse("{\"a\":" + value + "}").number("a")).isEqualTo(value);
    }

    @Test
    void anIntegerOfMillionsOfDigitsIsRefusedAtOnce() {
        JsonObject json = parse("{\"a\":" + "9".repeat(2_000_000) + "}");

        assertThatThrownBy(() -> json.longInteger("a")).hasMessageStartingWith("x.json: a: expected an integer, found 99999");
    }

    @Test
    void longTextIsCutInMessagesAndNeverInTheMiddleOfACharacter() {
        JsonObject json = parse("{\"a\":\"" + "x".repeat(59) + "😀😀\"}");

        assertThatThrownBy(() -> json.integer("a"))
                .hasMessage("x.json: a: expected an integer, found \"" + "x".repeat(59) + "\"...");
    }

    @Test
    void defaultsStandInForAbsentAndNullMembers() {
        JsonObject json = parse("{\"here\":7,\"none\":null}");

        assertThat(json.integer("here", 3)).isEqualTo(7);
        assertThat(json.longInteger("here", 3)).isEqualTo(7);
        assertThat(json.number("here", 3)).isEqualTo(7);
        for (String key : new String[] {"none", "absent"}) {
            assertThat(json.integer(key, 3)).isEqualTo(3);
            assertThat(json.longInteger(key, 3)).isEqualTo(3);
            assertThat(json.number(key, 0.5)).isEqualTo(0.5);
            assertThat(json.text(key, "d")).isEqualTo("d");
            assertThat(json.bool(key, true)).isTrue();
            assertThat(json.has(key)).isFalse();
        }
        assertThat(json.has("here")).isTrue();
    }

    @Test
    void defaultsDoNotHideAWrongType() {
        JsonObject json = parse("{\"a\":[]}");

        assertThatThrownBy(() -> json.integer("a", 3)).hasMessage("x.json: a: expected an integer, found an array");
        assertThatThrownBy(() -> json.text("a", "")).hasMessage("x.json: a: expected a string, found an array");
        assertThatThrownBy(() -> json.bool("a", true)).hasMessage("x.json: a: expected true or false, found an array");
    }

    @Test
    void arraysGiveAllTheirElements() {
        JsonObject json = parse("{\"ids\":[3,8,13],\"names\":[\"a\",\"b\"],\"mixed\":[1,\"x\"]}");

        assertThat(json.array("ids").integers()).containsExactly(3, 8, 13);
        assertThat(json.array("names").texts()).containsExactly("a", "b");
        assertThat(json.array("names")).containsExactly(new Json.Text("a"), new Json.Text("b"));
        assertThatThrownBy(() -> json.array("mixed").integers()).hasMessage("x.json: mixed[1]: expected an integer, found \"x\"");
        assertThatThrownBy(() -> json.array("mixed").texts()).hasMessage("x.json: mixed[0]: expected a string, found 1");
    }

    @Test
    void placesLeadFromTheRoot() {
        JsonObject root = parse("{\"a\":{\"b\":[[],[{\"c\":{}}]]}}");
        JsonObject inner = root.object("a").array("b").array(1).object(0).object("c");

        assertThat(root.location()).isEmpty();
        assertThat(inner.location()).isEqualTo("a.b[1][0].c");
        assertThat(inner.error("d", "is odd")).hasMessage("x.json: a.b[1][0].c.d: is odd");
        assertThat(root.object("a").array("b").error(0, "is odd")).hasMessage("x.json: a.b[0]: is odd");
    }

    @Test
    void membersCannotBeChangedFromOutside() {
        JsonObject json = parse("{\"a\":[1]}");

        assertThatThrownBy(() -> json.keys().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> json.array("a").iterator().remove()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aNumberCannotHoldAnythingElse() {
        assertThatThrownBy(() -> new Json.Number("1.")).isInstanceOf(IllegalArgumentException.class).hasMessage("not a JSON number: 1.");
        assertThatThrownBy(() -> new Json.Number("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Json.Text(null)).isInstanceOf(NullPointerException.class);
    }

    private static JsonObject parse(String text) {
        return JsonReader.parseObject(text.getBytes(StandardCharsets.UTF_8), "x.json");
    }
}
