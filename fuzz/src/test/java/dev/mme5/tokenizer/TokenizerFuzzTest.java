package dev.mme5.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import dev.mme5.tokenizer.common.Utf8;
import dev.mme5.tokenizer.pretokenizer.Llama3PreTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text becomes ids that decode to it, and its pieces are those of Java's regular expressions. */
class TokenizerFuzzTest {
    private static final Tokenizer TOKENIZER = Tokenizer.read(Fixtures.model("a-bf16-hub").resolve("tokenizer.json"));

    /** {@code \s} in Java differs from White_Space with any flags, so the class is written out. */
    private static final String WHITE_SPACE = "\\x09-\\x0D\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000";

    private static final Pattern REFERENCE = Pattern.compile(Llama3PreTokenizer.PATTERN
            .replace("[^\\s\\p{L}\\p{N}]", "[^" + WHITE_SPACE + "\\p{L}\\p{N}]")
            .replace("\\s", "[" + WHITE_SPACE + "]")
            .replace("\\S", "[^" + WHITE_SPACE + "]"), Pattern.UNICODE_CASE);

    static Stream<byte[]> seeds() {
        return Stream.of(
                "I'll we've 'ſ  a  b\r\n\n 1234½ $9.99!! 日本語 \u3000\u00a0é\u0301",
                "<|begin_of_text|><|image|> a cat<|eot_id|>\n",
                "\uD83D\uDE00 \u0130\u017f\u212a \t\t x").map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void tokenize(byte[] utf8) {
        String text = new String(utf8, UTF_8);

        int[] ids = Bounds.within(200_000 + 300L * utf8.length, () -> TOKENIZER.encodeRaw(text));

        assertThat(TOKENIZER.decode(ids)).isEqualTo(text);
        assertThat(pieces(text)).isEqualTo(matches(text));
        Encoding cut = TOKENIZER.encode(text, 3);
        int[] all = TOKENIZER.encode(text);
        assertThat(cut.total()).isEqualTo(all.length);
        assertThat(cut.ids()).isEqualTo(Arrays.copyOf(all, Math.min(3, all.length)));
    }

    /** Any chars; an unpaired surrogate is read as U+FFFD. */
    @MethodSource("seeds")
    @FuzzTest
    void tokenizeAnyChars(byte[] chars) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 1 < chars.length; i += 2) text.append((char) (chars[i] << 8 | chars[i + 1] & 0xFF));

        int[] ids = TOKENIZER.encodeRaw(text.toString());

        assertThat(TOKENIZER.decode(ids)).isEqualTo(new String(Utf8.encode(text.toString()), UTF_8));
    }

    private static List<String> pieces(String text) {
        byte[] utf8 = Utf8.encode(text);
        List<String> pieces = new ArrayList<>();
        new Llama3PreTokenizer().split(utf8, 0, utf8.length, 0, (piece, from, to) -> pieces.add(new String(piece, from, to - from, UTF_8)));
        return pieces;
    }

    private static List<String> matches(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        List<String> matches = new ArrayList<>();
        while (matcher.find()) matches.add(matcher.group());
        return matches;
    }
}
