package dev.mme5.cli;

import dev.mme5.engine.search.Match;
import dev.mme5.json.JsonWriter;
import java.util.List;
import java.util.Locale;

/** {@code --format jsonl}: a line for each query. */
final class SearchLines implements SearchWriter {
    @Override
    public String answered(Query query, List<Match> matches) {
        JsonWriter json = begin(query).name("matches").beginArray();
        int rank = 1;
        for (Match match : matches) {
            json.beginObject()
                    .member("rank", rank++)
                    .member("score", match.score())
                    .member("id", match.entry().id())
                    .member("kind", match.entry().kind().name().toLowerCase(Locale.ROOT));
            if (!match.entry().title().isEmpty()) json.member("title", match.entry().title());
            json.endObject();
        }
        return json.endArray().endObject() + "\n";
    }

    @Override
    public String failed(Query query, String error) {
        return begin(query).member("error", error).endObject() + "\n";
    }

    private static JsonWriter begin(Query query) {
        return new JsonWriter().beginObject().member(query.picture() ? "image" : "query", query.shown());
    }
}
