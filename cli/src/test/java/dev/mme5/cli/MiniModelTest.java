package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default model: what its card says can be checked. */
class MiniModelTest {
    private static final Path MINI = Path.of("models/mini").toAbsolutePath();
    private static final List<String> LANGUAGES = List.of("en", "de", "fr", "es", "ru", "ar", "hi", "zh", "ja", "sw");

    @TempDir
    Path folder;

    @Test
    void itsVectorsAreThoseOfTransformers() {
        Ran ran = new Cli().model(MINI).start("verify");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines().getLast()).startsWith("goldens.jsonl: 100 of 100 within 1e-5, ");
    }

    @Test
    void wordsFindImagesInAnyScript() {
        Ran ran = new Cli()
                .model(MINI)
                .start(
                        "search", "--in", MINI.resolve("gallery").toString(), "--index", folder.resolve("index").toString(), "--top", "1",
                        "--quiet",
                        "red apple", "roter Apfel", "flugzeug", "飛行機");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines().stream().filter(line -> line.endsWith(".png")).map(line -> line.replaceAll(".* ", "")))
                .containsExactly("red-apple.png", "red-apple.png", "airplane.png", "airplane.png");
    }

    @Test
    void namesFindTheirImageAmongFour() throws IOException {
        JsonObject report = evaluated(4, List.of("en", "ja"));

        assertThat(report.object("groups").keys()).containsExactly("en", "ja");
        assertThat(report.object("mean_of_groups").number("recall_at_1")).isGreaterThan(0.7);
    }

    @Tag("thorough")
    @Test
    void mostNamesFindTheirImageAmongTheGallerysFirstTen() throws IOException {
        JsonObject report = evaluated(Integer.MAX_VALUE, LANGUAGES);

        assertThat(report.object("groups").object("en").number("recall_at_10")).isGreaterThan(0.65);
        assertThat(report.object("mean_of_groups").number("recall_at_10")).isGreaterThan(0.6);
    }

    private JsonObject evaluated(int maxImages, List<String> languages) throws IOException {
        JsonObject names = galleryNames();
        List<String> lines = new ArrayList<>();
        for (String file : names.keys().stream().limit(maxImages).toList()) {
            lines.add("{\"candidate\":\"%s\",\"images\":[\"%s\"]}".formatted(file, MINI.resolve("gallery").resolve(file)));
            for (String language : languages) {
                lines.add("{\"query\":\"%s %s\",\"text\":\"%s\",\"relevant\":[\"%1$s\"],\"group\":\"%2$s\"}"
                        .formatted(file, language, names.object(file).text(language)));
            }
        }
        Path data = Files.write(folder.resolve("gallery.jsonl"), lines);

        return new Cli().model(MINI).start("evaluate", "--data", data.toString(), "--json", "--quiet").json().getFirst();
    }

    @Test
    void everyImageOfTheGalleryHasNamesInTenLanguages() throws IOException {
        JsonObject names = galleryNames();
        Set<String> images = new TreeSet<>();
        try (Stream<Path> files = Files.list(MINI.resolve("gallery"))) {
            files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".png")).forEach(images::add);
        }

        assertThat(images).hasSizeGreaterThanOrEqualTo(200).containsExactlyElementsOf(new TreeSet<>(names.keys()));
        assertThat(names.keys()).allSatisfy(file -> assertThat(names.object(file).keys()).containsExactlyElementsOf(LANGUAGES));
        assertThat(MINI.resolve("gallery/LICENSE")).exists();
    }

    @Test
    void itIsSmallAndHasNoOutputLayer() throws IOException {
        assertThat(Files.size(MINI.resolve("model.safetensors"))).isLessThan(25_000_000);
        assertThat(new Cli().model(MINI).start("inspect").out()).contains("BF16").doesNotContain("lm_head");
    }

    private static JsonObject galleryNames() throws IOException {
        return JsonReader.parseObject(
                Files.readString(MINI.resolve("gallery/names.json")).getBytes(StandardCharsets.UTF_8), "names.json");
    }
}
