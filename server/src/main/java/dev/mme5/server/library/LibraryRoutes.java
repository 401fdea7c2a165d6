package dev.mme5.server.library;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.image.ImageFileType;
import dev.mme5.json.JsonWriter;
import dev.mme5.server.api.ServedModel;
import dev.mme5.server.http.Call;
import dev.mme5.server.http.Dialect;
import dev.mme5.server.http.Problem;
import dev.mme5.server.http.Reply;
import dev.mme5.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The JSON and the files behind the page. A file is named by its document's key, never by a path. */
public final class LibraryRoutes {
    private static final Map<String, String> IMAGE_TYPES = Map.of(
            "PNG", "image/png", "JPEG", "image/jpeg", "GIF", "image/gif", "WebP", "image/webp", "BMP", "image/bmp",
            "TIFF", "image/tiff", "ICO", "image/x-icon");
    private static final String OTHER_TYPE = "application/octet-stream";

    /** A file that is opened in a browser runs nothing and loads nothing. */
    private static final String FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    private static final int DEFAULT_SIDE = 320;
    private static final int MAX_SIDE = 1024;
    private static final int DEFAULT_LISTED = 60;
    private static final int MAX_LISTED = 1000;

    private final Library library;
    private final Supplier<ServedModel> served;
    private final ThumbnailCache thumbnails = new ThumbnailCache();

    private LibraryRoutes(Library library, Supplier<ServedModel> served) {
        this.library = library;
        this.served = served;
    }

    /** The routes. */
    public static List<Route> of(Library library, Supplier<ServedModel> served) {
        LibraryRoutes routes = new LibraryRoutes(library, served);
        return List.of(
                Route.of("GET", "/library", Dialect.OPENAI, routes::state),
                Route.of("GET", "/library/documents", Dialect.OPENAI, routes::documents),
                Route.of("POST", "/library/search", Dialect.OPENAI, routes::search),
                Route.of("POST", "/library/scan", Dialect.OPENAI, routes::scan),
                Route.of("GET", "/library/thumbnails/*", Dialect.OPENAI, routes::thumbnail),
                Route.of("GET", "/library/files/*", Dialect.OPENAI, routes::file));
    }

    private Reply state(Call call) {
        ServedModel model = served.get();
        JsonWriter json = new JsonWriter().beginObject();
        json.member("model", model.name()).member("kernels", model.model().kernels());
        json.member("dimensions", model.model().dimensions()).member("takes_images", model.takesImages());
        json.member("documents", library.size()).name("folders").beginArray();
        for (LibraryFolder folder : library.folders()) {
            FolderState state = folder.state();
            json.beginObject().member("name", folder.name()).member("state", state.phase().name().toLowerCase(java.util.Locale.ROOT));
            json.member("documents", folder.size()).member("revision", folder.revision()).member("done", state.done()).member("total",
                    state.total());
            json.member("skipped", state.skipped()).name("failures").beginArray();
            state.failures().forEach(json::value);
            json.endArray().name("error");
            if (state.error() == null) json.nullValue();
            else json.value(state.error());
            json.name("updated");
            if (state.updated() == null) json.nullValue();
            else json.value(state.updated().toString());
            json.endObject();
        }
        return Reply.json(json.endArray().endObject().toString());
    }

    /** What a page without a query shows. */
    private Reply documents(Call call) {
        int left = listed(call.query("top"));
        JsonWriter json = new JsonWriter().beginObject().member("documents", library.size()).name("matches").beginArray();
        for (LibraryFolder folder : library.folders()) {
            for (LibraryDocument document : folder.first(left)) {
                writeMembers(folder, document, json.beginObject());
                json.endObject();
                left--;
            }
        }
        return Reply.json(json.endArray().endObject().toString());
    }

    private static int listed(String top) {
        if (top == null) return DEFAULT_LISTED;
        try {
            return Math.clamp(Integer.parseInt(top), 1, MAX_LISTED);
        } catch (NumberFormatException e) {
            throw Problem.wrong("top", "top: expected a number of documents");
        }
    }

    private Reply scan(Call call) throws IOException, InterruptedException {
        call.json();
        library.scan();
        return Reply.of(202, Reply.JSON, "{\"status\":\"scanning\"}".getBytes(StandardCharsets.US_ASCII));
    }

    private Reply search(Call call) throws Exception {
        ServedModel model = served.get();
        LibraryQuery query = LibraryQuery.read(call.json(), library);
        long start = System.nanoTime();
        Embedding vector = query.embed(model, library.queryPrompt(), call);
        long embedded = System.nanoTime();
        List<Library.Hit> hits = library.search(vector, query.top());
        long searched = System.nanoTime();

        JsonWriter json = new JsonWriter().beginObject().member("model", model.name()).member("documents", library.size());
        json.member("embed_ms", (embedded - start) / 1000 * 1e-3).member("search_ms", (searched - embedded) / 1000 * 1e-3);
        json.member("text", query.words()).name("minus").beginArray();
        query.minus().forEach(json::value);
        json.endArray().name("matches").beginArray();
        for (Library.Hit hit : hits) {
            if (hit.found().score() < query.threshold()) break;
            write(hit, json);
        }
        return Reply.json(json.endArray().endObject().toString());
    }

    private static void write(Library.Hit hit, JsonWriter json) {
        writeMembers(hit.folder(), hit.found().document(), json.beginObject().member("score", hit.found().score()));
        json.endObject();
    }

    private static void writeMembers(LibraryFolder folder, LibraryDocument document, JsonWriter json) {
        json.member("id", document.key()).member("name", document.document().id()).member("folder", folder.name());
        json.member("kind", document.document().kind().label()).member("title", document.document().title());
        json.member("file", "/library/files/" + document.key());
        if (!document.isText()) json.member("thumbnail", "/library/thumbnails/" + document.key());
    }

    private Library.Place place(Call call) {
        Library.Place place = library.find(call.lastSegment());
        if (place == null) throw unknown();
        return place;
    }

    private static Problem unknown() {
        return Problem.of(404, "unknown_document", "no such document");
    }

    private Reply thumbnail(Call call) throws Exception {
        Library.Place place = place(call);
        Path file = place.folder().checked(place.document());
        if (file == null || !Files.isReadable(file) || place.document().isText()) throw unknown();
        byte[] png = thumbnails.of(file, side(call.query("size")));
        if (png == null) throw Problem.of(404, "no_thumbnail", "the image cannot be shown");
        return Reply.of(200, "image/png", png).with("Cache-Control", "private, max-age=300").with("Content-Security-Policy", FILE_POLICY);
    }

    private static int side(String size) {
        if (size == null) return DEFAULT_SIDE;
        try {
            return Math.clamp(Integer.parseInt(size), 16, MAX_SIDE);
        } catch (NumberFormatException e) {
            throw Problem.wrong("size", "size: expected a number of pixels");
        }
    }

    private Reply file(Call call) throws IOException {
        Library.Place place = place(call);
        Path file = place.folder().checked(place.document());
        if (file == null || !Files.isReadable(file)) throw unknown();
        String type = place.document().isText() ? "text/plain; charset=utf-8" : type(file);
        String name = URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8).replace("+", "%20");
        return new Reply(200, type, Map.of(
                "Content-Security-Policy", FILE_POLICY,
                "Cache-Control", "private, max-age=300",
                "Content-Disposition", "inline; filename*=UTF-8''" + name),
                out -> {
                    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                        in.transferTo(out);
                    }
                });
    }

    /** By the first bytes: names may say anything. */
    private static String type(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String name = file.getFileName().toString();
            return ImageFileType.of(in.readNBytes(ImageFileType.HEAD_BYTES), name.substring(name.lastIndexOf('.') + 1))
                    .map(type -> IMAGE_TYPES.getOrDefault(type.title(), OTHER_TYPE))
                    .orElse(OTHER_TYPE);
        }
    }
}
