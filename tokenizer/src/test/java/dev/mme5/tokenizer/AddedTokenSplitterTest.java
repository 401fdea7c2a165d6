package dev.mme5.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All expected ids are those of the tokenizers library (0.23) for the same file. The first added token has id 261. */
class AddedTokenSplitterTest {
    @Test
    void theLeftmostAndThereTheLongestIsCutOut() {
        Tokenizer tokenizer = TokenizerFile.hello()
                .withAdded("\"content\":\"ab\"", "\"content\":\"abc\"", "\"content\":\"bcd\"").tokenizer();

        assertThat(tokenizer.encodeRaw("abcd")).containsExactly(262, 'd');
        assertThat(tokenizer.encodeRaw("abd")).containsExactly(261, 'd');
        assertThat(tokenizer.encodeRaw("abab")).containsExactly(261, 261);
        assertThat(tokenizer.encodeRaw("bcdabc")).containsExactly(263, 262);
        assertThat(tokenizer.encodeRaw("aabc")).containsExactly('a', 262);
        assertThat(tokenizer.encodeRaw("ABC")).containsExactly('A', 'B', 'C');
    }

    @Test
    void aTokenOfSeveralBytesPerCharacterIsFoundWholeOrNotAtAll() {
        Tokenizer tokenizer = TokenizerFile.hello().withAdded("\"content\":\"日本\"").tokenizer();

        assertThat(tokenizer.encodeRaw("日本日")).containsExactly(261, 230, 151, 165);
    }

    @Test
    void aSingleWordIsNotFoundInsideAWord() {
        Tokenizer tokenizer = TokenizerFile.hello().withAdded("\"content\":\"foo\",\"single_word\":true").tokenizer();

        assertThat(tokenizer.encodeRaw("foo")).containsExactly(261);
        assertThat(tokenizer.encodeRaw("xfoo")).containsExactly('x', 'f', 'o', 'o');
        assertThat(tokenizer.encodeRaw("foo foo")).containsExactly(261, ' ', 261);
        assertThat(tokenizer.encodeRaw("foofoo")).containsExactly('f', 'o', 'o', 'f', 'o', 'o');
        assertThat(tokenizer.encodeRaw("_foo")).containsExactly('_', 'f', 'o', 'o');
        assertThat(tokenizer.encodeRaw("-foo-")).containsExactly('-', 261, '-');
        assertThat(tokenizer.encodeRaw("foo\u0301")).containsExactly('f', 'o', 'o', 204, 129);
        assertThat(tokenizer.encodeRaw("foo\u200d")).containsExactly('f', 'o', 'o', 226, 128, 141);
        assertThat(tokenizer.encodeRaw("éfoo")).containsExactly(195, 169, 'f', 'o', 'o');
        assertThat(tokenizer.encodeRaw("foo²")).containsExactly(261, 194, 178);
        assertThat(tokenizer.encodeRaw("fooⅫ")).containsExactly('f', 'o', 'o', 226, 133, 171);
        assertThat(tokenizer.encodeRaw("ⓐfoo")).containsExactly(226, 147, 144, 'f', 'o', 'o');
        assertThat(tokenizer.encodeRaw("foo😀")).containsExactly(261, 240, 159, 152, 128);
    }

    @Test
    void spaceBesideAStrippingTokenIsSwallowed() {
        Tokenizer tokenizer = TokenizerFile.hello()
                .withAdded("\"content\":\"[L]\",\"lstrip\":true", "\"content\":\"[R]\",\"rstrip\":true").tokenizer();

        assertThat(tokenizer.encodeRaw("a [L]b")).containsExactly('a', 261, 'b');
        assertThat(tokenizer.encodeRaw(" \n [L]\t[L]")).containsExactly(261, 261);
        assertThat(tokenizer.encodeRaw("[R]  x [R]")).containsExactly(262, 'x', ' ', 262);
        assertThat(tokenizer.encodeRaw("[R] [L]")).containsExactly(262, 261);
        assertThat(tokenizer.encodeRaw("\u3000[L]\u2028")).containsExactly(261, 226, 128, 168);
        assertThat(tokenizer.encodeRaw("\u200b[L]")).containsExactly(226, 128, 139, 261);
        assertThat(tokenizer.encodeRaw("[R]\u001c")).containsExactly(262, 28);
        assertThat(tokenizer.encodeRaw("[R]\u0085y")).containsExactly(262, 'y');
    }

    @Test
    void aTokenInsideSwallowedSpaceCountsAllTheSame() {
        Tokenizer tokenizer = TokenizerFile.hello()
                .withAdded("\"content\":\"[R]\",\"rstrip\":true", "\"content\":\" \"").tokenizer();

        assertThat(tokenizer.encodeRaw("[R]  x")).containsExactly(261, 262, 262, 'x');
        assertThat(tokenizer.encodeRaw(" [R]   ")).containsExactly(262, 261, 262, 262, 262);
    }

    @Test
    void aTokenOfSpaceThatStripsIsNotFoundInSwallowedSpace() {
        Tokenizer both = TokenizerFile.hello().withAdded("\"content\":\" \",\"lstrip\":true,\"rstrip\":true").tokenizer();
        assertThat(both.encodeRaw("a    b c ")).containsExactly('a', 261, 'b', 261, 'c', 261);

        Tokenizer behind = TokenizerFile.hello()
                .withAdded("\"content\":\"[R]\",\"rstrip\":true", "\"content\":\" \",\"lstrip\":true").tokenizer();
        assertThat(behind.encodeRaw("[R] x  y")).containsExactly(261, 'x', 262, 262, 'y');
    }

    @Test
    void normalizedTokensAreLookedForAfterTheOthers() {
        String json = TokenizerFile.hello().withAdded("\"content\":\"x[\"", "\"content\":\"[N]\"").json()
                .replace("\"id\":261,\"normalized\":false", "\"id\":261,\"normalized\":true");
        Tokenizer tokenizer = TokenizerFile.read(json);

        assertThat(tokenizer.encodeRaw("x[")).containsExactly(261);
        assertThat(tokenizer.encodeRaw("x[N")).containsExactly(261, 'N');
        assertThat(tokenizer.encodeRaw("x[N]")).containsExactly('x', 262);
        assertThat(tokenizer.encodeRaw("x[x[N]x[")).containsExactly(261, 'x', 262, 261);
    }

    @Test
    void aTokenMayStandInTheVocabularyToo() {
        String json = TokenizerFile.hello().withAdded("\"content\":\"hello\"").json().replace("\"id\":261", "\"id\":259");
        Tokenizer tokenizer = TokenizerFile.read(json);

        assertThat(tokenizer.encodeRaw("xhellox")).containsExactly('x', 259, 'x');
        assertThat(tokenizer.size()).isEqualTo(261);
    }

    @Test
    @Timeout(value = 60, threadMode = SEPARATE_THREAD)
    void almostTokensCostLinearTime() {
        Tokenizer tokenizer = TokenizerFile.hello().withAdded("\"content\":\"<|image|>\"",
                "\"content\":\"<|reserved_special_token_0|>\"", "\"content\":\" \",\"lstrip\":true,\"rstrip\":true").tokenizer();

        assertThat(tokenizer.encodeRaw("<|".repeat(500_000))).hasSize(1_000_000);
        assertThat(tokenizer.encodeRaw("<|reserved_special_token_".repeat(40_000))).hasSize(1_000_000);
        assertThat(tokenizer.encodeRaw(" ".repeat(1_000_000))).containsExactly(263);
    }
}
