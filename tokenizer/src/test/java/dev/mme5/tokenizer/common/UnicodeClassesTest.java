package dev.mme5.tokenizer.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnicodeClassesTest {
    /** Java 25 does not know these, Java 26 does: ids must be the same. Fails on a later Java only. */
    @ParameterizedTest
    @ValueSource(ints = {0x5C8, 0x1ACF, 0x1AE5, 0x2E60, 0xA7F1, 0x10EFA, 0x10ED0, 0x11B61, 0x11B66, 0x1E6F5})
    void charactersOfLaterUnicodeAreUnknown(int c) {
        assertThat(UnicodeClasses.isControl(c)).isFalse();
        assertThat(UnicodeClasses.isMark(c)).isFalse();
        assertThat(UnicodeClasses.isNonSpacingMark(c)).isFalse();
        assertThat(UnicodeClasses.isPunctuation(c)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x5C8, 0x1ACF, 0xA7F1, 0x10EFA, 0x1E6F5})
    void normalizationLeavesThemWhereTheyAre(int c) {
        assertThat(UnicodeClasses.isNotNormalized(c)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x300, 0x5C7, 0x1AB0})
    void knownMarksAreMarks(int c) {
        assertThat(UnicodeClasses.isMark(c)).isTrue();
        assertThat(UnicodeClasses.isNonSpacingMark(c)).isTrue();
        assertThat(UnicodeClasses.isNotNormalized(c)).isFalse();
    }
}
