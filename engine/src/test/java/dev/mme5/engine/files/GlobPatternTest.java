package dev.mme5.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobPatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *            | a.png   | true
            *            | a/b     | false
            a**c         | a/b/c   | true
            **/c         | c       | true
            **/c         | a/b/c   | true
            **/c         | abc     | false
            ?            | /       | false
            [b-d]        | c       | true
            [b-d]        | e       | false
            [!b-d]       | e       | true
            [^b-d]       | c       | false
            [!b]         | /       | false
            []]          | ]       | true
            [!]]         | ]       | false
            [a           | [a      | true
            [a           | a       | false
            [            | [       | true
            {a,b{c,d}}   | bd      | true
            {a,b{c,d}}   | b       | false
            {a,{b,{c,}}} | c       | true
            {a,b         | {a,b    | true
            a,b          | a,b     | true
            a}           | a}      | true
            \\{a,b\\}    | {a,b}   | true
            {\\,,b}      | ,       | true
            \\*          | *       | true
            \\*          | a       | false
            \\[a]        | [a]     | true
            a\\          | a\\     | true
            a\\          | a       | false
            ?            | 😀      | true
            ??           | 😀      | false
            *?           | 😀      | true
            [😀-😂]      | 😁      | true
            [!😀]        | 😁      | true
            😀*          | 😀x     | true
            \\😀         | 😀      | true
            """)
    void patternMatches(String glob, String text, boolean matches) {
        assertThat(GlobPattern.compile(glob, false).matches(text)).isEqualTo(matches);
    }

    @Test
    void emptyPatternMatchesTheEmptyTextOnly() {
        assertThat(GlobPattern.compile("", false).matches("")).isTrue();
        assertThat(GlobPattern.compile("", false).matches("a")).isFalse();
        assertThat(GlobPattern.compile("*", false).matches("")).isTrue();
        assertThat(GlobPattern.compile("{}", false).matches("")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"thumbs.db,THUMBS.DB", "[a-c]*,Bx", "[A-C]*,bx", "ÄÖ,äö", "x{a},XA"})
    void caseMayBeIgnored(String glob, String text) {
        assertThat(GlobPattern.compile(glob, true).matches(text)).isTrue();
        assertThat(GlobPattern.compile(glob, false).matches(text)).isFalse();
    }

    /** As a regular expression, each of them would be tried in more ways than anyone has time for. */
    @ParameterizedTest
    @ValueSource(strings = {"*a*a*a*a*a*a*a*a*a*a*a*a*b", "**a**a**a**a**a**a**a**a**b", "{a,{a,{a,*}*}*}*{a,*}{a,*}{a,*}{a,*}b"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longTextsAreReadOnceForEachPart(String glob) {
        assertThat(GlobPattern.compile(glob, false).matches("a".repeat(5_000))).isFalse();
        assertThat(GlobPattern.compile(glob, false).matches("a".repeat(5_000) + "b")).isTrue();
    }
}
