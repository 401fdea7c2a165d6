package dev.mme5.server.library;

import dev.mme5.server.http.Call;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The page, from the jar: {@code page/index.html} at {@code /}, what belongs to it at {@code /page/NAME}. It needs no key; what it shows
 * does. The policy lets it load and ask nothing but this server.
 */
public final class PageRoutes {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml", "png", "image/png");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+\\.[a-z0-9]+");

    private PageRoutes() {}

    /** The routes. */
    public static List<Route> all() {
        return List.of(
                Route.open("/", call -> resource("index.html")),
                Route.open("/favicon.ico", call -> resource("icon.svg")),
                Route.open("/page/*", PageRoutes::part));
    }

    private static Reply part(Call call) throws IOException {
        return resource(call.lastSegment());
    }

    private static Reply resource(String name) throws IOException {
        String type = NAME.matcher(name).matches() ? TYPES.get(name.substring(name.indexOf('.') + 1)) : null;
        try (InputStream in = type == null ? null : PageRoutes.class.getResourceAsStream("page/" + name)) {
            if (in == null) throw Problem.of(404, "unknown_route", "no such route");
            return Reply.of(200, type, in.readAllBytes())
                    .with("Content-Security-Policy", POLICY)
                    .with("Referrer-Policy", "no-referrer")
                    .with("Cache-Control", "no-cache");
        }
    }
}
