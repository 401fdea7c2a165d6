package dev.mme5.cli.output;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.cli.terminal.DisplayWidth;
import dev.mme5.json.SafeText;
import dev.mme5.search.Match;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** {@code --format table}: under each query, rank, score, name and the beginning of a text. */
public final class SearchTableWriter implements SearchWriter {
    /** A longer name shifts only its own text. */
    private static final int MAX_NAME_WIDTH = 40;

    private final int columns;
    private final Function<Match, String> illustration;

    /** Whether an empty line comes before the next query. */
    private boolean hasHeading;

    /** @param columns width at which lines are cut, or 0 to never cut them */
    public SearchTableWriter(int columns) {
        this(columns, match -> "");
    }

    /**
     * @param columns width at which lines are cut, or 0 to never cut them
     * @param illustration what the terminal shows below a match: whole lines, or nothing
     */
    public SearchTableWriter(int columns, Function<Match, String> illustration) {
        this.columns = columns;
        this.illustration = illustration;
    }

    @Override
    public String formatMatches(SearchQuery query, List<Match> matches) {
        StringBuilder table = heading(query);
        int rankWidth = Integer.toString(matches.size()).length();
        int nameWidth = 0;
        for (Match match : matches) nameWidth = Math.max(nameWidth, DisplayWidth.of(SafeText.line(match.document().id())));
        nameWidth = Math.min(nameWidth, MAX_NAME_WIDTH);

        int rank = 1;
        for (Match match : matches) {
            String name = SafeText.line(match.document().id());
            String title = SafeText.line(match.document().title());
            String line = String.format(Locale.ROOT, "  %" + rankWidth + "d  %7.4f  ", rank++, match.score())
                    + (title.isEmpty() ? name : DisplayWidth.padded(name, nameWidth) + "  " + title);
            table.append(columns > 0 ? DisplayWidth.cut(line, columns) : line).append('\n').append(illustration.apply(match));
        }
        return table.toString();
    }

    @Override
    public String formatFailure(SearchQuery query, String error) {
        return heading(query).append("  failed\n").toString();
    }

    private StringBuilder heading(SearchQuery query) {
        String label = SafeText.line(query.label());
        StringBuilder heading = new StringBuilder(hasHeading ? "\n" : "").append(columns > 0 ? DisplayWidth.cut(label, columns) : label);
        hasHeading = true;
        return heading.append('\n');
    }
}
