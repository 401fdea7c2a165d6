package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    private static final List<String> NAMES =
            List.of("embed", "tokenize", "trace", "search", "verify", "--top", "--model", "--image", "-h");

    @ParameterizedTest
    @CsvSource({
        "serach, search", "serch, search", "seearch, search", "sarch, search", "SEARCH,", "embde, embed", "verfy, verify", "frobnicate,",
        "x,", "'',", "trcae, trace", "--modle, --model", "--imgae, --image", "--tpo, --top", "-x,", "bed, embed"
    })
    void closestNameIsFound(String misspelt, String expected) {
        assertThat(Suggestions.closest(misspelt, NAMES).orElse(null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "a, '', 1", "ab, ba, 1", "abc, acb, 1", "kitten, sitting, 3", "same, same, 0"})
    void editsAreCounted(String a, String b, int edits) {
        assertThat(Suggestions.edits(a, b)).isEqualTo(edits);
        assertThat(Suggestions.edits(b, a)).isEqualTo(edits);
    }
}
