package dev.mme5.cli.output;

import dev.mme5.cli.input.SearchQuery;
import dev.mme5.json.JsonWriter;
import dev.mme5.search.Match;
import java.util.List;

/** {@code --format jsonl}: one JSON object for each query. */
public final class SearchJsonlWriter implements SearchWriter {
    @Override
    public String formatMatches(SearchQuery query, List<Match> matches) {
        JsonWriter json = begin(query).name("matches").beginArray();
        int rank = 1;
        for (Match match : matches) {
            json.beginObject()
                    .member("rank", rank++)
                    .member("score", match.score())
                    .member("id", match.document().id())
                    .member("kind", match.document().kind().label());
            if (!match.document().title().isEmpty()) json.member("title", match.document().title());
            json.endObject();
        }
        return json.endArray().endObject() + "\n";
    }

    @Override
    public String formatFailure(SearchQuery query, String error) {
        return begin(query).member("error", error).endObject() + "\n";
    }

    private static JsonWriter begin(SearchQuery query) {
        return new JsonWriter().beginObject().member(query.isImage() ? "image" : "query", query.label());
    }
}
