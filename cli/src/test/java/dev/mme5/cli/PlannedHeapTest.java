package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.context.ExitStatus;
import dev.mme5.engine.ModelInspection;
import dev.mme5.engine.ModelInspection.Run;
import dev.mme5.engine.Options;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The heap that {@code inspect} computes is enough: runs in JVMs that have little more. */
class PlannedHeapTest {
    /** Heap that the command and the garbage collector need in addition to the engine. */
    private static final int MARGIN_MB = 8;

    private static final int THREADS = 2;
    private static final Path MINI = Path.of("models/mini").toAbsolutePath();

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeImages() throws IOException {
        for (int[] size : new int[][] {{100, 100}, {400, 100}, {400, 400}, {4000, 3000}}) {
            Path image = folder.resolve(size[0] + "x" + size[1] + ".jpg");
            assertThat(ImageIO.write(noise(size[0], size[1]), "jpg", image.toFile())).isTrue();
        }
        assertThat(Files.size(folder.resolve("4000x3000.jpg"))).isGreaterThan(2_000_000);
    }

    /** The plan that is easiest to miss: pixels beside what the open model holds. */
    @Test
    void suffices() throws Exception {
        assertEmbeds(MINI, planned(MINI, new Run.Decoding(12_000_000)),
                "{\"images\":[\"400x400.jpg\"]}\n{\"images\":[\"4000x3000.jpg\"]}\n{\"images\":[\"100x100.jpg\"]}\n", 3);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(strings = {"bf16", "int4"})
    void eachPlanSuffices(String weights) throws Exception {
        Path model = weights.equals("bf16") ? MINI : folder.resolve("int4");
        if (weights.equals("int4")) {
            assertThat(Cli.run("quantize", "--model", MINI.toString(), "--to", "int4", "--output", model.toString()).status()).isZero();
        }

        assertEmbeds(model, planned(model, new Run.Pass(20, 0)), lines(1, 20), 1);
        assertEmbeds(model, planned(model, new Run.Pass(256, 0)), lines(1, 256), 1);
        assertEmbeds(model, planned(model, new Run.Pass(256, 0)), lines(32, 256), 32);
        assertEmbeds(model, planned(model, new Run.Pass(20, 1)),
                "{\"images\":[\"100x100.jpg\"]}\n{\"images\":[\"400x100.jpg\"]}\n{\"images\":[\"400x400.jpg\"]}\n", 3);
        assertEmbeds(model, planned(model, new Run.Decoding(12_000_000)),
                "{\"images\":[\"400x400.jpg\"]}\n{\"images\":[\"4000x3000.jpg\"]}\n{\"images\":[\"100x100.jpg\"]}\n", 3);
    }

    @Tag("thorough")
    @Test
    void aImageThatNeedsMoreIsRefusedWithTheNumbersAndTheOthersAreNot() throws Exception {
        Path input = Files.writeString(folder.resolve("large.jsonl"),
                "{\"images\":[\"100x100.jpg\"]}\n{\"images\":[\"4000x3000.jpg\"]}\n{\"images\":[\"400x400.jpg\"]}\n");

        MeasuredRun run =
                MeasuredRun.of(48, folder, List.of("embed", "--model", MINI.toString(), "--threads", "2", "--input", input.toString()));

        assertThat(run.status()).as(run.err()).isEqualTo(ExitStatus.SOME_FAILED);
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).containsPattern("4000x3000.jpg: does not fit in the memory of the Java machine: "
                + "decoding needs \\d+ MB of heap, \\d+ MB are free \\(raise it with -Xmx\\)");
        assertThat(lines.get(0) + lines.get(2)).doesNotContain("error");
    }

    /** Neither tokenize nor the forms that go through a tree of JSON values have a plan that holds. */
    @Test
    void tokenizerThatDoesNotFitIsOneLineAndStatusTwo() throws Exception {
        Path source = Path.of("engine/src/test/resources/golden-encoder/models/bert-cls");
        Path model = Files.createDirectory(folder.resolve("unusual"));
        for (String name : List.of("config.json", "tokenizer_config.json")) Files.copy(source.resolve(name), model.resolve(name));
        StringBuilder tokens = new StringBuilder("\"" + "x".repeat(1030) + "\": 100000"); // too long for the tables
        for (int id = 100_001; id < 200_000; id++) tokens.append(", \"").append(Integer.toString(id, 36)).append("q\": ").append(id);
        String file = Files.readString(source.resolve("tokenizer.json"));
        String changed = file.replaceFirst("\"vocab\": ?\\{", "$0" + tokens + ", ");
        assertThat(changed).hasSizeGreaterThan(file.length());
        Files.writeString(model.resolve("tokenizer.json"), changed);

        MeasuredRun run = MeasuredRun.of(16, folder, List.of("tokenize", "--model", model.toString(), "a cat"));

        assertThat(run.status()).isEqualTo(ExitStatus.UNUSABLE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("mme5: out of memory: Java has 16 MB of heap; ").hasLineCount(1);
    }

    /** Megabytes by the plan, and the margin. */
    private static int planned(Path model, Run run) {
        long bytes = ModelInspection.of(model, Options.defaults().withThreads(THREADS)).memory().stream()
                .filter(memory -> memory.run().equals(run))
                .findFirst()
                .orElseThrow()
                .heapBytes();
        return (int) Math.ceilDiv(bytes, 1 << 20) + MARGIN_MB;
    }

    private static void assertEmbeds(Path model, int heapMb, String lines, int count) throws Exception {
        Path input = Files.writeString(folder.resolve("input.jsonl"), lines);
        MeasuredRun run = MeasuredRun.of(heapMb, folder,
                List.of("embed", "--model", model.toString(), "--threads", Integer.toString(THREADS), "--input", input.toString()));

        assertThat(run.status()).as("%d MB: %s%s", heapMb, run.err(), run.out()).isZero();
        assertThat(run.out().lines()).hasSize(count).noneMatch(line -> line.contains("error"));
    }

    private static String lines(int count, int tokens) {
        return "{\"text\":\"%s\",\"max_tokens\":%d}%n".formatted("a cat and a dog ".repeat(tokens / 4), tokens).repeat(count);
    }

    /** Random pixels, so that the file is as large as that of a photo. */
    private static BufferedImage noise(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) image.setRGB(x, y, random.nextInt(1 << 24));
        }
        return image;
    }
}
