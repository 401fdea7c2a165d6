package dev.mme5.tokenizer.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {
    /** Expected texts are those of the decoder of the tokenizers library. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            e08080,   \uFFFD\uFFFD\uFFFD
            f09f98,   \uFFFD
            eda080,   \uFFFD\uFFFD\uFFFD
            edbfbf,   \uFFFD\uFFFD\uFFFD
            f4908080, \uFFFD\uFFFD\uFFFD\uFFFD
            f5808080, \uFFFD\uFFFD\uFFFD\uFFFD
            f0808080, \uFFFD\uFFFD\uFFFD\uFFFD
            c0af,     \uFFFD\uFFFD
            e2,       \uFFFD
            e282,     \uFFFD
            e28241,   \uFFFDA
            f0909041, \uFFFDA
            ff,       \uFFFD
            80,       \uFFFD
            c3c3a9,   \uFFFDé
            e2e282ac, \uFFFD€
            f48fbfbf, \uDBFF\uDFFF
            f48fbf,   \uFFFD
            """)
    void aMaximalSubpartOfAnIllFormedSequenceIsOneReplacementCharacter(String hex, String text) {
        assertThat(Utf8.decode(HexFormat.of().parseHex(hex))).isEqualTo(text);
    }

    @Test
    void unpairedSurrogatesAreEncodedAsReplacementCharacters() {
        assertThat(Utf8.encode("a\uD83Db\uDE00\uD83D\uDE00\uD83D")).isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00\uFFFD".getBytes(UTF_8));
    }

    @Test
    void everyCodePointComesBack() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint == Character.MIN_SURROGATE) codePoint = Character.MAX_SURROGATE + 1;
            byte[] utf8 = Utf8.encode(Character.toString(codePoint));

            if (Utf8.decode(utf8).codePointAt(0) != codePoint || Utf8.codePoint(utf8, 0) != codePoint
                    || Utf8.length(utf8[0]) != utf8.length || Utf8.startOfLast(utf8, utf8.length) != 0) {
                assertThat(Utf8.decode(utf8)).as("U+%04X", codePoint).isNull();
            }
        }
    }
}
