package dev.mme5.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    @Test
    void readsEveryKindOfValue() {
        JsonObject json = object("""
            {"o":{"a":1},"a":[1,"x"],"t":"s","n":-1.5e3,"b":true,"f":false,"z":null}""");

        assertThat(json.keys()).containsExactly("o", "a", "t", "n", "b", "f", "z");
        assertThat(json.object("o").integer("a")).isEqualTo(1);
        assertThat(json.array("a").size()).isEqualTo(2);
        assertThat(json.get("t")).isEqualTo(new Json.Text("s"));
        assertThat(json.get("n")).isEqualTo(new Json.Number("-1.5e3"));
        assertThat(json.get("b")).isEqualTo(new Json.Bool(true));
        assertThat(json.get("f")).isEqualTo(new Json.Bool(false));
        assertThat(json.get("z")).isEqualTo(new Json.Null());
    }

    @Test
    void readsAnyValueAtTheRoot() {
        assertThat(parse("3")).isEqualTo(new Json.Number("3"));
        assertThat(parse("\"\"")).isEqualTo(new Json.Text(""));
        assertThat(parse(" \t\r\n null \n")).isEqualTo(new Json.Null());
        assertThat(((JsonArray) parse("[]")).size()).isZero();
        assertThat(((JsonObject) parse("{ }")).keys()).isEmpty();
    }

    @Test
    void allowsSpaceBetweenAllTokens() {
        JsonObject json = object(" { \"a\" : [ 1 , 2 ] , \"b\" : { } } ");

        assertThat(json.array("a").integers()).containsExactly(1, 2);
        assertThat(json.object("b").keys()).isEmpty();
    }

    @Test
    void resolvesEveryEscape() {
        assertThat(parse("""
            "\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\u20AC\\ud83d\\uDE00.\"""")).isEqualTo(new Json.Text("\"\\/\b\f\n\r\t\0é€😀."));
    }

    @Test
    void keepsTextBetweenEscapes() {
        assertThat(parse("\"äb\\ncd\\n\\n€😀e\"")).isEqualTo(new Json.Text("äb\ncd\n\n€😀e"));
    }

    @Test
    void allowsTheCharactersThatOnlyOtherFormatsForbid() {
        String text = "\u007f\u0080\u2028\ufeff\uffff\udbff\udfff";

        assertThat(parse("\"" + text + "\"")).isEqualTo(new Json.Text(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "10", "0.5", "-0.0", "1e5", "1E+5", "1e-05", "123456789012345678901234567890", "1.25e300"})
    void keepsNumbersAsTheyAreWritten(String literal) {
        assertThat(parse("[" + literal + "]")).isInstanceOfSatisfying(JsonArray.class,
                array -> assertThat(array.get(0)).isEqualTo(new Json.Number(literal)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "-01", "1.2.3", "1e5.5", "--1", "1-1", "0x10", "1_000",
        "Infinity", "NaN", "-Infinity", "1,5"})
    void refusesWhatIsNoNumber(String literal) {
        assertThatThrownBy(() -> parse("{\"a\":" + literal + "}")).isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("x.json: byte ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                | byte 0: expected a value, found the end
        ` `               | byte 1: expected a value, found the end
        {                 | byte 1: expected a name in quotes, found the end
        {"a"              | byte 4: expected ':', found the end
        {"a":             | byte 5: expected a value, found the end
        {"a":1            | byte 6: expected ',' or '}', found the end
        {"a":1,           | byte 7: expected a name in quotes, found the end
        {"a":1,}          | byte 7: expected a name in quotes, found '}'
        {"a":1 "b":2}     | byte 7: expected ',' or '}', found '"'
        {a:1}             | byte 1: expected a name in quotes, found 'a'
        {'a':1}           | byte 1: expected a name in quotes, found '''
        {1:1}             | byte 1: expected a name in quotes, found '1'
        {"a" 1}           | byte 5: expected ':', found '1'
        {,}               | byte 1: expected a name in quotes, found ','
        [1,]              | byte 3: expected a value, found ']'
        [,1]              | byte 1: expected a value, found ','
        [1 2]             | byte 3: expected ',' or ']', found '2'
        [1}               | byte 2: expected ',' or ']', found '}'
        [                 | byte 1: expected a value, found the end
        {"a":1}]          | byte 7: expected the end, found ']'
        {"a":1} x         | byte 8: expected the end, found 'x'
        1 2               | byte 2: expected the end, found '2'
        tru               | byte 0: expected a value, found 't'
        True              | byte 0: expected a value, found 'T'
        nul1              | byte 0: expected a value, found 'n'
        truefalse         | byte 4: expected the end, found 'f'
        // c              | byte 0: expected a value, found '/'
        [1,/*c*/2]        | byte 3: expected a value, found '/'
        [01]              | byte 1: expected a number, found "01"
        [1.]              | byte 1: expected a number, found "1."
        [-]               | byte 1: expected a number, found "-"
        {"a":1,"a":2}     | byte 7: duplicate name "a"
        {"a":1,"\\u0061":2} | byte 7: duplicate name "a"
        "a                | byte 2: expected '"', found the end
        "a\\              | byte 3: expected an escape, found the end
        "a\\x"            | byte 2: unknown escape
        "\\u12"           | byte 1: expected four hex digits
        "\\u12g4"         | byte 1: expected four hex digits
        "\\u+123"         | byte 1: expected four hex digits
        "\\u              | byte 1: expected four hex digits
        "\\ud800"         | byte 1: lone surrogate
        "\\ud800x"        | byte 1: lone surrogate
        "\\ud800\\n"      | byte 1: lone surrogate
        "\\ud800\\u0041"  | byte 1: lone surrogate
        "\\ud800\\ud800"  | byte 1: lone surrogate
        "\\udc00\\ud800"  | byte 1: lone surrogate
        "ab\\udfff"       | byte 3: lone surrogate
        """)
    void refusesBrokenSyntaxAndNamesTheByte(String text, String message) {
        assertThatThrownBy(() -> parse(text.replace("\\\\", "\\"))).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: " + message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x09, 0x0A, 0x0D, 0x1F})
    void refusesAControlCharacterInAString(int control) {
        assertThatThrownBy(() -> parse("\"ab" + (char) control + "\"")).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: byte 3: expected a control character to be escaped, found 0x%02X".formatted(control));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        a continuation without beginning, 2280 22,      1
        a beginning without continuation, 22C3 22,      1
        a letter cut short,               22E282 22,    1
        a letter cut short by the end,    22E282,       1
        an overlong slash,                22C0AF 22,    1
        a longer overlong slash,          22E080AF 22,  1
        the longest overlong slash,       22F08080AF 22, 1
        a high surrogate,                 22EDA080 22,  1
        a pair of surrogates,             22EDA080EDB080 22, 1
        beyond U+10FFFF,                  22F4908080 22, 1
        a byte that UTF-8 never has,      22FF22,       1
        Latin-1 after valid text,          2261E922,     2
        """)
    void refusesWhatIsNotUtf8(String what, String hex, int offset) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatThrownBy(() -> JsonReader.parse(bytes, "x.json")).as(what).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: byte " + offset + ": not UTF-8");
    }

    /** Expected values are those of the JDK's decoder. */
    @Test
    void tellsUtf8FromAllElse() {
        Random random = new Random(8);
        int[] interesting =
                {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xEC, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF};
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = new byte[random.nextInt(9)];
            for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) interesting[random.nextInt(interesting.length)];
            ByteBuffer in = ByteBuffer.wrap(bytes);
            CharBuffer out = CharBuffer.allocate(20);
            CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);

            assertThat(Utf8Validator.firstMalformed(bytes, 0, bytes.length)).isEqualTo(result.isError() ? in.position() : bytes.length);
        }
    }

    @Test
    void findsBadUtf8FarBehindTheFirstBufferful() {
        byte[] bytes = ("\"" + "é".repeat(10_000) + "\"").getBytes(StandardCharsets.UTF_8);
        bytes[20_000] = 'x';

        assertThatThrownBy(() -> JsonReader.parse(bytes, "x.json")).hasMessage("x.json: byte 19999: not UTF-8");
    }

    @Test
    void refusesAByteOrderMark() {
        assertThatThrownBy(() -> parse("\ufeff{}")).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: byte 0: expected JSON without byte order mark, found one");
    }

    @Test
    void refusesUtf16() {
        assertThatThrownBy(() -> JsonReader.parse("{}".getBytes(StandardCharsets.UTF_16LE), "x.json"))
                .hasMessage("x.json: byte 1: expected a name in quotes, found 0x00");
    }

    @Test
    void takesNestingUpToTheLimitAndRefusesMore() {
        assertThat(parse("[".repeat(128) + "]".repeat(128))).isInstanceOf(JsonArray.class);

        assertThatThrownBy(() -> parse("[".repeat(129) + "]".repeat(129))).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: byte 128: nested more than 128 deep");
        assertThatThrownBy(() -> parse("{\"a\":".repeat(1_000_000))).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: byte 640: nested more than 128 deep");
    }

    /** Small texts whose values need much memory: the last one needs a hundred bytes of heap for each of its bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"0,", "\"\",", "[],", "{},", "{\"\":0},", "[[[[0]]]],"})
    void refusesMoreValuesThanTheHeapShouldHold(String value) {
        byte[] bomb = ("[" + value.repeat(16_000_000 / value.length())).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> JsonReader.parse(bomb, "x.json")).isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("its values need more than 268435456 bytes of memory");
    }

    @Test
    void refusesARootThatIsNoObjectWhereOneIsExpected() {
        assertThatThrownBy(() -> object("[1]")).isInstanceOf(ModelFormatException.class)
                .hasMessage("x.json: expected an object, found an array");
    }

    @Test
    void readsAPartOfTheBytesAndCountsFromTheirBeginning() {
        byte[] bytes = "12345678{\"a\":1} ]".getBytes(StandardCharsets.UTF_8);

        assertThat(JsonReader.parseObject(bytes, 8, 16, "x.json").integer("a")).isEqualTo(1);
        assertThatThrownBy(() -> JsonReader.parseObject(bytes, 8, 17, "x.json")).hasMessage("x.json: byte 16: expected the end, found ']'");
        assertThatThrownBy(() -> JsonReader.parseObject(bytes, 8, 12, "x.json")).hasMessage("x.json: byte 12: expected ':', found the end");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void readsATokenizerOfFullSize() {
        StringBuilder text = new StringBuilder("{\"model\":{\"vocab\":{");
        for (int i = 0; i < 128_000; i++) text.append(i == 0 ? "" : ",").append("\n      \"Ġtöken").append(i).append("\": ").append(i);
        text.append("},\"merges\":[");
        for (int i = 0; i < 280_000; i++)
            text.append(i == 0 ? "" : ",").append("\n      [\n        \"Ġtö").append(i).append("\",\n        \"k\\u0065n\"\n      ]");
        byte[] utf8 = text.append("]}}").toString().getBytes(StandardCharsets.UTF_8);
        assertThat(utf8.length).isGreaterThan(17_000_000);

        JsonObject model = JsonReader.parseObject(utf8, "tokenizer.json").object("model");

        assertThat(model.object("vocab").integer("Ġtöken127999")).isEqualTo(127_999);
        assertThat(model.array("merges").array(279_999).texts()).containsExactly("Ġtö279999", "ken");
        assertThat(model.array("merges").array(7).location()).isEqualTo("model.merges[7]");
    }

    /** Every damaged file is refused; no other exception is thrown. */
    @Test
    void aFlippedByteIsReadOrRefusedButNeverCrashes() {
        byte[] good = """
            {"a":[1,-2.5e3,"\\u00e9\\ud83d\\ude00é😀",{"b":null}],"c":true,"d":{}}""".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int offset = 0; offset < good.length; offset++) {
            for (int value = 0; value < 256; value++) {
                byte[] bad = good.clone();
                bad[offset] = (byte) value;
                if (isRefused(bad)) refused++;
            }
            if (isRefused(Arrays.copyOf(good, offset))) refused++;
        }
        assertThat(refused).isGreaterThan(good.length * 128);
    }

    private static boolean isRefused(byte[] text) {
        try {
            JsonReader.parse(text, "x.json");
            return false;
        } catch (ModelFormatException e) {
            assertThat(e.getMessage()).startsWith("x.json: byte ").doesNotContain("\n");
            return true;
        }
    }

    private static Json parse(String text) {
        return JsonReader.parse(text.getBytes(StandardCharsets.UTF_8), "x.json");
    }

    private static JsonObject object(String text) {
        return JsonReader.parseObject(text.getBytes(StandardCharsets.UTF_8), "x.json");
    }

    private static final RawMemberReader BRACES = (location, utf8, from, to) -> {
        if (!location.equals("a.b")) return -1;
        int offset = from;
        while (utf8[offset] != '}') offset++;
        return offset + 1;
    };

    @Test
    void memberOfARawMemberReaderIsEmptyInTheTree() {
        JsonObject read =
                JsonReader.parseObject("{\"a\":{\"b\":{not JSON}, \"c\":[1]}}".getBytes(StandardCharsets.UTF_8), "x.json", BRACES);

        assertThat(read.object("a").object("b").keys()).isEmpty();
        assertThat(read.object("a").object("b").location()).isEqualTo("a.b");
        assertThat(read.object("a").array("c").integers()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a.b\":{not JSON}}", "{\"a\":[{\"b\":{not JSON}}]}", "{\"a\":{\"b\":{x}{}}}"})
    void offersToARawMemberReaderOnlyMembersWithAnUnambiguousLocation(String json) {
        assertThatThrownBy(() -> JsonReader.parseObject(json.getBytes(StandardCharsets.UTF_8), "x.json", BRACES))
                .isInstanceOf(ModelFormatException.class).hasMessageStartingWith("x.json: byte ");
    }

    /** The path of every small object would have a megabyte; building each path would take minutes. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void timeIsLinearInALongNameWithManyMembers() {
        String members = IntStream.range(0, 200_000).mapToObj(i -> "\"" + i + "\":[]").collect(Collectors.joining(","));
        String json = "{\"" + "n".repeat(1 << 20) + "\":{" + members + "}}";

        assertThat(object(json).keys()).hasSize(1);
        assertThat(JsonReader.parseObject(json.getBytes(StandardCharsets.UTF_8), "x.json", BRACES).keys()).hasSize(1);
    }
}
