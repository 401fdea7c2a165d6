package dev.mme5.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.terminal.DisplayWidth;
import dev.mme5.engine.Input;
import dev.mme5.search.Document;
import dev.mme5.search.IndexedDocument;
import dev.mme5.search.Match;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTableWriterTest {
    private static final List<Match> MATCHES = List.of(
            match(0.75f, "飛行機.txt", "飛行機が飛ぶ"), match(0.5f, "plane.txt", "a plane that flies far away"), match(-0.25f, "x.png", ""));

    @Test
    void columnsStandUnderEachOther() {
        String table = new SearchTableWriter(0).formatMatches(query("plane"), MATCHES);

        assertThat(table).isEqualTo("""
                plane
                  1   0.7500  飛行機.txt  飛行機が飛ぶ
                  2   0.5000  plane.txt   a plane that flies far away
                  3  -0.2500  x.png
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 17, 18, 25, 26, 27, 40, 80})
    void noLineIsWiderThanTheTerminal(int columns) {
        String table = new SearchTableWriter(columns).formatMatches(query("ein sehr langes 飛行機"), MATCHES);

        assertThat(table.lines()).hasSize(4).allMatch(line -> DisplayWidth.of(line) <= columns);
    }

    @Test
    void aVeryLongNameDoesNotPushAsideTheTextsOfTheOthers() {
        List<Match> matches = List.of(match(1, "n".repeat(100), "long"), match(1, "short", "text"));

        assertThat(new SearchTableWriter(0).formatMatches(query("q"), matches)).contains("  short" + " ".repeat(37) + "text");
    }

    @Test
    void aNameCannotDriveTheTerminal() {
        String table = new SearchTableWriter(80).formatMatches(query("q\u001b[31m"), List.of(match(1, "a\u001b[2J\r\n\u202Eb", "t\u0007")));

        assertThat(table.chars().filter(c -> c != '\n').anyMatch(Character::isISOControl)).isFalse();
        assertThat(table).doesNotContain("\u202E").hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource({
        "plane, 5", "'', 0", "Käse, 4", "飛行機, 6", "한국어, 6", "ﾊﾝｶｸ, 4", "ＡＢ, 4", "кошка, 5", "قطة, 3", "😀, 2", "हिन्दी, 5", "e\u0301, 1",
        "🍎🍏, 4"
    })
    void widthsAreThoseOfATerminal(String text, int width) {
        assertThat(DisplayWidth.of(text)).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({"飛行機, 6, 飛行機", "飛行機, 5, 飛行…", "飛行機, 4, 飛…", "飛行機, 1, …", "plane, 4, pla…", "e\u0301\u0301xy, 2, e\u0301\u0301…"})
    void aCutTextFits(String text, int width, String cut) {
        assertThat(DisplayWidth.cut(text, width)).isEqualTo(cut);
    }

    private static SearchQuery query(String text) {
        return new SearchQuery(text, false, Input.text(text));
    }

    private static Match match(float score, String id, String title) {
        return new Match(score, 0, new IndexedDocument(id, Document.Kind.TEXT, title));
    }
}
