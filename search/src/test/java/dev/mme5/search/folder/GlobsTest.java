package dev.mme5.search.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.png          | a/b.png      | true
            *.png          | a/b.PNG      | false
            *.{png,gif}    | a/b.gif      | true
            *.{png,gif}    | a/b.jpg      | false
            {a,b{c,d}}.txt | bd.txt       | true
            {a,b{c,d}}.txt | b.txt        | false
            {a}.txt        | a.txt        | true
            {a,}x          | x            | true
            {a             | {a           | true
            IMG_[0-4]?.jpg | IMG_37.jpg   | true
            IMG_[0-4]?.jpg | IMG_57.jpg   | false
            [!a-c]*        | d            | true
            [^a-c]*        | b            | false
            []x]           | ]            | true
            [-a]           | -            | true
            [a-]           | -            | true
            [z-a]          | -            | true
            [a             | [a           | true
            [\\d]        | d            | true
            {a,[b}c]d      | [bc]d        | true
            {a,[b}c]d      | ac]d         | true
            {a,[b}c]d      | cd           | false
            {a,[}]         | []           | true
            a[/]b          | a/b          | false
            a[!x]b         | a/b          | false
            \\*          | *            | true
            \\*          | x            | false
            a\\          | a\\        | true
            raw/**         | raw/a/b.png  | true
            **/raw         | raw          | true
            **/raw         | a/b/raw      | true
            **/{raw,old}/* | a/old/x.png  | true
            raw/*          | x/raw/a      | false
            /raw           | raw          | true
            ./raw          | raw          | true
            raw/           | a/raw        | true
            a.c            | abc          | false
            (ab)+$         | (ab)+$       | true
            😀?    | 😀x  | true
            """)
    void patternMatches(String glob, String id, boolean matches) {
        assertThat(Globs.of(List.of(glob)).matches(id)).isEqualTo(matches);
    }

    /** As a regular expression, each of them would be tried in more ways than anyone has time for. */
    @ParameterizedTest
    @ValueSource(
            strings = {"*a*a*a*a*a*a*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b", "{a,{a,{a,*}*}*}*{a,*}{a,*}{a,*}{a,*}b",
                "**a**a**a**a**a**a**a**a**b"})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longNamesAreReadOnceForEachPart(String glob) {
        assertThat(Globs.of(List.of(glob)).matches("a".repeat(255))).isFalse();
        assertThat(Globs.of(List.of(glob)).matches("a/".repeat(2000) + "c")).isFalse();
        assertThat(Globs.of(List.of(glob)).matches("a/".repeat(2000) + "aaaaaaaaaaaaaab")).isEqualTo(!glob.startsWith("**/"));
    }

    @ParameterizedTest
    @CsvSource({
        "@eaDir", "@EADIR", "a/@Recycle", "#snapshot", "#recycle", "$Recycle.Bin", "thumbs.db", "THUMBS.DB", "__macosx", ".Trash-1000",
        "a/~snapshot",
        "x.jpg@SynoEAStream"})
    void foldersOfSystemsAreKnownInAnyCase(String id) {
        assertThat(Globs.DEFAULTS.matches(id)).isTrue();
    }

    @Test
    void foldersOfPeopleAreNoFoldersOfSystems() {
        assertThat(List.of("recycle", "snapshot", "macosx", "thumbs", "a@b")).noneMatch(Globs.DEFAULTS::matches);
    }
}
