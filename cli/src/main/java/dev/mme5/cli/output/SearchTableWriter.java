package dev.mme5.cli.output;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.terminal.DisplayWidth;
import dev.mme5.search.Match;
import java.util.List;
import java.util.Locale;

/** {@code --format table}: rank, score, name, and the beginning of a text, under the query. */
public final class SearchTableWriter implements SearchWriter {
    /** A longer name pushes its own text aside, not everybody's. */
    private static final int MAX_NAME_WIDTH = 40;

    private final int columns;

    /** Whether an empty line is due before the next query. */
    private boolean any;

    /** @param columns where lines are cut, or 0 for never */
    public SearchTableWriter(int columns) {
        this.columns = columns;
    }

    @Override
    public String answered(SearchQuery query, List<Match> matches) {
        StringBuilder table = heading(query);
        int rankWidth = Integer.toString(matches.size()).length();
        int nameWidth = 0;
        for (Match match : matches) nameWidth = Math.max(nameWidth, DisplayWidth.of(DisplayWidth.printable(match.document().id())));
        nameWidth = Math.min(nameWidth, MAX_NAME_WIDTH);

        int rank = 1;
        for (Match match : matches) {
            String name = DisplayWidth.printable(match.document().id());
            String title = DisplayWidth.printable(match.document().title());
            String line = String.format(Locale.ROOT, "  %" + rankWidth + "d  %7.4f  ", rank++, match.score())
                    + (title.isEmpty() ? name : DisplayWidth.padded(name, nameWidth) + "  " + title);
            table.append(columns > 0 ? DisplayWidth.cut(line, columns) : line).append('\n');
        }
        return table.toString();
    }

    @Override
    public String failed(SearchQuery query, String error) {
        return heading(query).append("  failed\n").toString();
    }

    private StringBuilder heading(SearchQuery query) {
        String shown = DisplayWidth.printable(query.shown());
        StringBuilder heading = new StringBuilder(any ? "\n" : "").append(columns > 0 ? DisplayWidth.cut(shown, columns) : shown);
        any = true;
        return heading.append('\n');
    }
}
