package dev.mme5.cli.output;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.search.Match;
import java.util.List;

/** How a query's answer is written: some lines, each with its end. */
public sealed interface SearchWriter permits SearchTableWriter, SearchJsonlWriter {
    String answered(SearchQuery query, List<Match> matches);

    String failed(SearchQuery query, String error);
}
