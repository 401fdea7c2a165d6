package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page asks for: the state of folders, searches, thumbnails and files. */
class LibraryTest {
    @TempDir
    private static Path root;

    private static Path folder;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        folder = Files.createDirectory(root.resolve("photos"));
        for (String name : List.of("anchor", "bicycle", "castle", "carrot", "ambulance")) {
            Files.copy(TestServer.MINI.resolve("gallery").resolve(name + ".png"), folder.resolve(name + ".png"));
        }
        Files.writeString(folder.resolve("note.txt"), "A letter about <b>music</b>");
        Files.write(folder.resolve("broken.png"), Arrays.copyOf(Files.readAllBytes(folder.resolve("anchor.png")), 60));
        Files.writeString(root.resolve("secret.txt"), "nobody's business");
        Files.createSymbolicLink(folder.resolve("link.txt"), root.resolve("secret.txt"));
        server = TestServer.start(options -> options.withFolders(List.of(folder)));
        awaitDocuments(6);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject state() throws Exception {
        return JsonReader.parseObject(server.get("/library").body().getBytes(StandardCharsets.UTF_8), "state");
    }

    private static void awaitDocuments(int count) throws Exception {
        for (int i = 0; i < 1800 && (state().integer("documents") != count || !"ready".equals(phase())); i++) Thread.sleep(100);
        assertThat(state().integer("documents")).isEqualTo(count);
    }

    private static String phase() throws Exception {
        return state().array("folders").object(0).text("state");
    }

    private static JsonArray matches(String body) throws Exception {
        return server.object(200, "/library/search", body).array("matches");
    }

    private static JsonObject first(String body) throws Exception {
        return matches(body).object(0);
    }

    @Test
    void failuresSayNothingAboutTheMachine() throws Exception {
        JsonArray failures = state().array("folders").object(0).array("failures");

        assertThat(failures.texts()).anySatisfy(failure -> assertThat(failure).contains("broken.png"));
        assertThat(failures.texts()).noneSatisfy(failure -> assertThat(failure).contains(root.toString()));
    }

    @Test
    void wordsFindImages() throws Exception {
        assertThat(first("{\"text\": \"a bicycle\"}").text("name")).isEqualTo("bicycle.png");
        assertThat(first("{\"text\": \"велосипед\"}").text("name")).isEqualTo("bicycle.png");
        assertThat(matches("{\"text\": \"a bicycle\", \"top\": 2}").size()).isEqualTo(2);
        assertThat(matches("{\"text\": \"a bicycle\", \"threshold\": 0.999}").size()).isZero();
    }

    @Test
    void withoutAQueryTheFirstDocumentsAreListed() throws Exception {
        JsonObject listed =
                JsonReader.parseObject(server.get("/library/documents?top=2").body().getBytes(StandardCharsets.UTF_8), "listed");

        assertThat(listed.integer("documents")).isEqualTo(state().integer("documents"));
        assertThat(listed.array("matches").size()).isEqualTo(2);
        assertThat(listed.array("matches").object(0).text("name")).isEqualTo("ambulance.png");
        assertThat(server.get("/library/documents?top=few").statusCode()).isEqualTo(400);
        assertThat(state().array("folders").object(0).integer("revision")).isPositive();
    }

    @Test
    void anImageFindsItself() throws Exception {
        String image = Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("carrot.png")));

        assertThat(first("{\"image\": \"" + image + "\"}").text("name")).isEqualTo("carrot.png");
        assertThat(matches("{\"text\": \"orange\", \"image\": \"" + image + "\"}").size()).isEqualTo(6);
    }

    @Test
    void moreLikeThisBeginsWithThis() throws Exception {
        JsonObject castle = first("{\"text\": \"a castle\"}");
        JsonObject like = first("{\"like\": \"" + castle.text("id") + "\"}");

        assertThat(like.text("name")).isEqualTo("castle.png");
        assertThat(like.number("score")).isGreaterThan(0.999);
    }

    @Test
    void minusTermsTakeAway() throws Exception {
        JsonObject answer = server.object(200, "/library/search", "{\"text\": \"a vehicle -bicycle -\\\"a bike\\\"\"}");
        double with = score(matches("{\"text\": \"a vehicle\"}"), "bicycle.png");
        double without = score(answer.array("matches"), "bicycle.png");

        assertThat(answer.text("text")).isEqualTo("a vehicle");
        assertThat(answer.array("minus").texts()).containsExactly("bicycle", "a bike");
        assertThat(without).isLessThan(with);
    }

    private static double score(JsonArray matches, String name) {
        for (int i = 0; i < matches.size(); i++) if (matches.object(i).text("name").equals(name)) return matches.object(i).number("score");
        throw new AssertionError("no " + name);
    }

    @Test
    void filesHaveTheirTypeAndRunNothing() throws Exception {
        JsonObject castle = first("{\"text\": \"a castle\"}");
        var image = server.sendForBytes(server.request(castle.text("file")).build());
        var thumbnail = server.sendForBytes(server.request(castle.text("thumbnail") + "?size=24").build());

        assertThat(image.body()).isEqualTo(Files.readAllBytes(folder.resolve("castle.png")));
        assertThat(image.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(image.headers().firstValue("Content-Security-Policy").orElseThrow()).contains("default-src 'none'").contains("sandbox");
        assertThat(image.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(thumbnail.body()).startsWith(0x89, 'P', 'N', 'G');
        assertThat(thumbnail.body().length).isLessThan(5000);
    }

    @Test
    void textsAreNeverMarkup() throws Exception {
        JsonArray all = matches("{\"text\": \"a letter about music\"}");
        for (int i = 0; i < all.size(); i++) {
            if (!all.object(i).text("kind").equals("text")) continue;
            assertThat(all.object(i).text("title")).startsWith("A letter about");
            var text = server.get(all.object(i).text("file"));
            assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
            assertThat(text.body()).contains("<b>music</b>");
            return;
        }
        throw new AssertionError("the text was not found");
    }

    @Test
    void whatIsNotBelowTheFolderIsNeitherFoundNorServed() throws Exception {
        JsonArray all = matches("{\"text\": \"nobody's business\", \"top\": 100}");
        for (int i = 0; i < all.size(); i++) assertThat(all.object(i).text("name")).isNotEqualTo("link.txt");
        assertThat(all.size()).isEqualTo(6);
        assertThat(server.get("/library").body()).doesNotContain(root.toString());
        assertThat(server.get("/library/files/castle.png").statusCode()).isEqualTo(404);
    }

    @Test
    void aFileThatBecomesALinkIsNotFollowed() throws Exception {
        Path sly = folder.resolve("ambulance.png");
        JsonObject ambulance = first("{\"text\": \"an ambulance\"}");
        assertThat(ambulance.text("name")).isEqualTo("ambulance.png");
        byte[] bytes = Files.readAllBytes(sly);
        Files.delete(sly);
        Files.createSymbolicLink(sly, root.resolve("secret.txt"));
        try {
            assertThat(server.get(ambulance.text("file")).statusCode()).isEqualTo(404);
            assertThat(server.get(ambulance.text("thumbnail")).statusCode()).isEqualTo(404);
        } finally {
            Files.delete(sly);
            Files.write(sly, bytes);
        }
    }

    @Test
    void aFileThatCannotBeReadIsNotFound() throws Exception {
        Path file = folder.resolve("carrot.png");
        JsonObject carrot = first("{\"text\": \"a carrot\"}");
        assertThat(carrot.text("name")).isEqualTo("carrot.png");
        Files.setPosixFilePermissions(file, Set.of());
        try {
            Assumptions.assumeFalse(Files.isReadable(file), "root reads everything");
            assertThat(server.get(carrot.text("file")).statusCode()).isEqualTo(404);
            assertThat(server.get(carrot.text("thumbnail")).statusCode()).isEqualTo(404);
        } finally {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    @Test
    void newFilesAreFoundWhenAskedToLook() throws Exception {
        Files.copy(TestServer.MINI.resolve("gallery/bat.png"), folder.resolve("bat.png"));
        assertThat(server.post("/library/scan", "{}").statusCode()).isEqualTo(202);
        awaitDocuments(7);
        Files.delete(folder.resolve("bat.png"));
        server.post("/library/scan", "{}");
        awaitDocuments(6);
    }

    @Test
    void aSearchForNothingIsRefused() throws Exception {
        for (String body : List.of("{}", "{\"text\": \" \"}", "{\"text\": \"-night\"}", "{\"like\": \"x\"}",
                "{\"text\": \"a\", \"top\": 0}",
                "{\"image\": \"http://x/y\"}")) {
            assertThat(server.post("/library/search", body).statusCode()).as(body).isEqualTo(400);
        }
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws IOException, InterruptedException {
        var page = server.get("/");

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'").doesNotContain("unsafe");
    }
}
