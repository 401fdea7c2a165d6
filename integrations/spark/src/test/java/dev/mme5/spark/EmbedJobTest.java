package dev.mme5.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedJobTest {
    private static final Path GALLERY = Path.of("../../models/mini/gallery");

    private static SparkSession spark;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        spark = Sessions.local();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void jsonLinesBecomeParquetThatIsAnInputToo() throws IOException {
        Path lines = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"red apple\"}\n{\"text\": null}\n");
        String first = folder.resolve("first.parquet").toString();
        String second = folder.resolve("second").toString();

        assertThat(run("--input", lines.toString(), "--text-col", "text", "--output", first)).startsWith("2 rows, 1 failed");
        assertThat(run("--input", first, "--text-col", "text", "--output-col", "again", "--error-col", "", "--output", second))
                .startsWith("2 rows, 1 failed");

        Row row = spark.read().parquet(second).where("text IS NOT NULL").first();
        assertThat(Sessions.floats(row, "again")).isEqualTo(Sessions.expected(List.of("red apple")).getFirst());
        assertThat(Sessions.floats(row, "embedding")).isEqualTo(Sessions.floats(row, "again"));
    }

    @Test
    void aFolderOfImagesHasOneRowForEach() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images/deep"));
        for (String name : List.of("airplane.png", "anchor.png")) Files.copy(GALLERY.resolve(name), images.resolve(name));
        Files.writeString(images.resolve("notes.txt"), "no image");
        String output = folder.resolve("out").toString();

        assertThat(run("--input", folder.resolve("images").toString(), "--output", output)).startsWith("2 rows, 0 failed");

        assertThat(spark.read().parquet(output).columns()).containsExactly("path", "embedding", "error");
        assertThatThrownBy(() -> run("--input", folder.resolve("images").toString(), "--output", output)).hasMessageContaining("out");
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThatThrownBy(() -> EmbedJobArguments.parse(new String[] {"--modle", "x"})).hasMessage("unknown option --modle");
        assertThatThrownBy(() -> EmbedJobArguments.parse(new String[] {"--model"})).hasMessage("--model needs a value, or is unknown");
        assertThatThrownBy(() -> run("--input", "a.jsonl", "--output", "b")).hasMessage("--text-col or --image-col is missing");
        assertThatThrownBy(() -> run("--threads", "two")).hasMessage("--threads two: expected a number");
    }

    private static String run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--model", MiniModel.folder().toString()));
        all.addAll(List.of(arguments));
        return EmbedJob.run(spark, EmbedJobArguments.parse(all.toArray(String[]::new)));
    }
}
