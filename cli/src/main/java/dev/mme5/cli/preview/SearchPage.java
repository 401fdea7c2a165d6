package dev.mme5.cli.preview;

import dev.mme5.engine.image.PngEncoder;
import dev.mme5.cli.input.SearchQuery;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.json.SafeText;
import dev.mme5.search.Document;
import dev.mme5.search.Match;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A page for a browser with queries and their matches: thumbnails, scores, names, beginnings of texts. It is complete in itself and has
 * no script; a match links to its file. Everything that comes from outside is escaped.
 */
public final class SearchPage {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <title>mme5 search</title>
            <style>
            :root { color-scheme: light dark; --line: #8886; --faint: #8882; }
            body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 78em; padding: 0 1em; }
            h2 { font-size: 1.2em; margin: 2em 0 .7em; overflow-wrap: anywhere; }
            ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(11em, 1fr)); gap: 1em; list-style: none; padding: 0; }
            li { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
            li div { align-items: center; background: var(--faint); display: flex; height: 11em; justify-content: center; overflow: hidden; }
            li p { margin: .5em .7em; overflow-wrap: anywhere; }
            li div p { max-height: 100%; }
            img { max-height: 11em; max-width: 100%; }
            a { color: inherit; }
            .score { float: right; font-variant-numeric: tabular-nums; margin-left: .5em; opacity: .75; }
            </style>
            <h1>mme5 search</h1>
            """;

    private final Thumbnails thumbnails;
    private final Function<Match, Path> fileOf;
    private final StringBuilder page = new StringBuilder(HEAD);

    /** @param fileOf the file of a match, or null if it has none */
    public SearchPage(Thumbnails thumbnails, Function<Match, Path> fileOf) {
        this.thumbnails = thumbnails;
        this.fileOf = fileOf;
    }

    public void addMatches(SearchQuery query, List<Match> matches) {
        addHeading(query);
        page.append("<ol>\n");
        for (Match match : matches) addMatch(match);
        page.append("</ol>\n");
    }

    public void addFailure(SearchQuery query, String error) {
        addHeading(query);
        page.append("<p>").append(escape(error)).append("</p>\n");
    }

    private void addHeading(SearchQuery query) {
        page.append("<h2>").append(escape(query.label())).append("</h2>\n");
        for (ImageSource image : query.input().images()) {
            if (!(image instanceof ImageSource.File file)) continue;
            thumbnails.of(file.path()).ifPresent(thumbnail -> page.append("<p>").append(tag(thumbnail)).append("</p>\n"));
        }
    }

    private void addMatch(Match match) {
        Path file = fileOf.apply(match);
        String title = match.document().title();
        String preview = file == null || match.document().kind() == Document.Kind.TEXT
                ? "<p>" + escape(title) + "</p>"
                : thumbnails.of(file).map(SearchPage::tag).orElse("<p>no preview</p>");
        String name = escape(match.document().id());
        String link = file == null ? name : "<a href=\"" + escape(file.toUri().toString()) + "\">" + name + "</a>";
        page.append("<li><div>").append(preview).append("</div>\n<p><span class=\"score\">")
                .append(String.format(Locale.ROOT, "%.4f", match.score())).append("</span>").append(link).append("</p>");
        if (match.document().kind() != Document.Kind.TEXT && !title.isEmpty()) page.append("<p>").append(escape(title)).append("</p>");
        page.append("</li>\n");
    }

    private static String tag(RgbImage thumbnail) {
        String data = Base64.getEncoder().encodeToString(PngEncoder.encode(thumbnail));
        return "<img alt=\"\" width=\"" + thumbnail.width() + "\" height=\"" + thumbnail.height() + "\" src=\"data:image/png;base64," + data
                + "\">";
    }

    private static String escape(String text) {
        return SafeText.line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'",
                "&#39;");
    }

    /** The whole page. */
    public String html() {
        return page + "</html>\n";
    }
}
