package dev.mme5.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {
    @Test
    void safeTextIsUnchanged() {
        assertThat(SafeText.line("weights/é日本 \uD83D\uDE00 \"a\\b\"")).isEqualTo("weights/é日本 \uD83D\uDE00 \"a\\b\"");
    }

    @ParameterizedTest
    @CsvSource({"000a", "000d", "001b", "0000", "007f", "0085", "009b", "2028", "2029", "202a", "202e", "2066", "2069", "d83d", "de00"})
    void unsafeCharactersAreEscaped(String hex) {
        assertThat(SafeText.line("a" + (char) Integer.parseInt(hex, 16) + "b")).isEqualTo("a\\u" + hex + "b");
    }

    @Test
    void pairsOfSurrogatesStayNextToWhatIsEscaped() {
        assertThat(SafeText.line("\n\uD83D\uDE00\uDE00\u202E")).isEqualTo("\\u000a\uD83D\uDE00\\ude00\\u202e");
    }

    @Test
    void longTextIsCut() {
        assertThat(SafeText.line("x".repeat(2000))).hasSize(2000);
        assertThat(SafeText.line("x".repeat(5_000_000))).isEqualTo("x".repeat(2000) + "...");
        assertThat(SafeText.line("\n".repeat(2001))).isEqualTo("\\u000a".repeat(2000) + "...");
    }

    @Test
    void cuttingSplitsNoPairOfSurrogates() {
        assertThat(SafeText.line("x".repeat(1999) + "\uD83D\uDE00")).isEqualTo("x".repeat(1999) + "...");
    }

    @Test
    void messageOfARefusalIsOneLineAndItsLocationUnchanged() {
        ModelFormatException refusal = new ModelFormatException("f\n", "a\u001b[2J", "found \r\n3");

        assertThat(refusal).hasMessage("f\\u000a: a\\u001b[2J: found \\u000d\\u000a3");
        assertThat(refusal.location()).isEqualTo("a\u001b[2J");
    }
}
