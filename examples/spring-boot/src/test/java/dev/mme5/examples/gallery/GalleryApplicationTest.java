package dev.mme5.examples.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class GalleryApplicationTest {
    private static final Path IMAGES = Path.of("../../models/mini/gallery");

    @TempDir
    private static Path folder;

    @LocalServerPort
    private int port;

    private GalleryClient client;

    @DynamicPropertySource
    static void keepImagesApart(DynamicPropertyRegistry registry) {
        registry.add("gallery.folder", folder::toString);
    }

    @BeforeEach
    void connect() {
        client = new GalleryClient(port);
    }

    private HttpResponse<String> upload(String name) {
        try {
            return client.upload(name, Files.readAllBytes(IMAGES.resolve(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void uploadedImagesAreFoundByWordsAndByImage() throws IOException {
        for (String name : List.of("airplane.png", "bat.png", "red-apple.png")) {
            assertThat(upload(name).statusCode()).isEqualTo(201);
        }
        assertThat(client.searchByWords("red apple").body()).contains("-red-apple.png");
        assertThat(client.searchByWords("飛行機").body()).contains("-airplane.png");
        HttpResponse<String> found = client.searchByImage(Files.readAllBytes(IMAGES.resolve("bat.png")));
        assertThat(found.body()).contains("-bat.png").contains("\"score\":");
        String id = found.body().replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        HttpResponse<String> image = client.get("/images/" + id);
        assertThat(image.statusCode()).isEqualTo(200);
        assertThat(image.headers().firstValue("Content-Type")).contains("image/png");
    }

    @Test
    void eightUploadsAtOnceAreAllKept() throws IOException {
        List<String> names = List.of("anchor.png", "bicycle.png", "bridge-at-night.png", "burrito.png", "camping.png", "candle.png",
                "bug.png", "brick.png");
        try (ExecutorService threads = Executors.newFixedThreadPool(names.size())) {
            List<CompletableFuture<HttpResponse<String>>> answers =
                    names.stream().map(name -> CompletableFuture.supplyAsync(() -> upload(name), threads)).toList();
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(201));
        }
        for (String name : names) {
            assertThat(client.searchByImage(Files.readAllBytes(IMAGES.resolve(name))).body()).contains("-" + name);
        }
    }

    @Test
    void whatIsNoImageIsRefusedAndNotKept() throws IOException {
        HttpResponse<String> answer = client.upload("page.html", "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("the image cannot be embedded: ").doesNotContain(folder.toString());
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("page"));
        }
        assertThat(client.searchByImage(new byte[] {1, 2, 3}).statusCode()).isEqualTo(422);
    }

    @Test
    void unknownIdsAndPathsAreNotFound() {
        assertThat(client.get("/images/none.png").statusCode()).isEqualTo(404);
        assertThat(client.get("/images/..%2Findex.json").statusCode()).isIn(400, 404);
        assertThat(client.get("/images/index.json").statusCode()).isEqualTo(404);
    }

    @Test
    void pageAndHealthAreServed() {
        assertThat(client.get("/").body()).contains("<title>Gallery</title>");
        assertThat(client.get("/actuator/health").body()).contains("\"mme5\"").contains("\"kernels\":\"vector");
    }
}
