package dev.mme5.tokenizer.pretokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.tokenizer.RandomText;
import dev.mme5.tokenizer.common.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Llama3PreTokenizerTest {
    /** {@code \s} in Java differs from White_Space with any flags, so the class is written out. */
    private static final String WHITE_SPACE = "\\x09-\\x0D\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000";

    private static final Pattern REFERENCE = Pattern.compile(Llama3PreTokenizer.PATTERN
            .replace("[^\\s\\p{L}\\p{N}]", "[^" + WHITE_SPACE + "\\p{L}\\p{N}]")
            .replace("\\s", "[" + WHITE_SPACE + "]")
            .replace("\\S", "[^" + WHITE_SPACE + "]"), Pattern.UNICODE_CASE);

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '"', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            hello world#hello| world
            I'll we've it's#I|'ll| we|'ve| it|'s
            'LL'vE'D'x#'LL|'vE|'D|'x
            'ſa''s#'ſ|a|''|s
            12345678#123|456|78
            x²٣½4#x|²٣½|4
            a  b   c#a| | b|  | c
            #
            (foo) ((bar)#(foo|)| ((|bar|)
            $9.99!!#$|9|.|99|!!
            e\u0301a#e|\u0301a
            日本語。中文#日本語|。中文
            \u00a0a\u3000\u3000b#\u00a0a|\u3000|\u3000b
            \u200bx\ufeff#\u200bx|\ufeff
            """)
    void cutsAsThePatternSays(String text, String pieces) {
        List<String> expected = pieces == null ? List.of() : List.of(pieces.split("\\|"));

        assertThat(pieces(text == null ? "" : text)).isEqualTo(expected);
    }

    @Test
    void newlinesEndPunctuationAndSpaces() {
        assertThat(pieces("a!\r\n\n b \n \n  c  ")).containsExactly("a", "!\r\n\n", " b", " \n \n", " ", " c", "  ");
        assertThat(pieces("\n\nx\ty\t\tz")).containsExactly("\n\n", "x", "\ty", "\t", "\tz");
        assertThat(pieces("\u001ca\u0085\u0085b")).containsExactly("\u001ca", "\u0085", "\u0085b");
    }

    @Test
    void agreesWithJavasRegexOnRandomText() {
        RandomText random = new RandomText(1);
        for (int i = 0; i < 20_000; i++) {
            String text = random.valid(24);

            assertThat(pieces(text)).as(text).isEqualTo(matches(text));
        }
    }

    @Test
    void readsUnpairedSurrogatesAsReplacementCharacters() {
        RandomText random = new RandomText(2);
        for (int i = 0; i < 2_000; i++) {
            String text = random.any(16);

            assertThat(pieces(text)).as(text).isEqualTo(matches(new String(Utf8.encode(text), UTF_8)));
        }
    }

    @Test
    void agreesWithJavasRegexOnEveryCodePoint() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) continue;
            String c = Character.toString(codePoint);
            String text = "'" + c + "a1" + c + c + "1 " + c;

            if (!pieces(text).equals(matches(text))) assertThat(pieces(text)).as("U+%04X", codePoint).isEqualTo(matches(text));
        }
    }

    private static List<String> pieces(String text) {
        byte[] utf8 = Utf8.encode(text);
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < utf8.length) {
            int end = Llama3PreTokenizer.endOfPiece(utf8, start, utf8.length);
            pieces.add(new String(utf8, start, end - start, UTF_8));
            start = end;
        }
        return pieces;
    }

    private static List<String> matches(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        List<String> matches = new ArrayList<>();
        while (matcher.find()) matches.add(matcher.group());
        return matches;
    }
}
