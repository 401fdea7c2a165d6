package dev.mme5.cli.output;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.search.Match;
import java.util.List;

/** Formats the answer to a query as lines, each with its line feed. */
public sealed interface SearchWriter permits SearchTableWriter, SearchJsonlWriter {
    String formatMatches(SearchQuery query, List<Match> matches);

    String formatFailure(SearchQuery query, String error);
}
