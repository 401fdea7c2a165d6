package dev.mme5.cli;

import dev.mme5.engine.search.Match;
import java.util.List;

/** How a query's answer is written: some lines, each with its end. */
sealed interface SearchWriter permits SearchTable, SearchLines {
    String answered(Query query, List<Match> matches);

    String failed(Query query, String error);
}
