package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
    /** Of the model's weights, as sha256sum says. */
    private static final String SUM = "09bc6e008a8d20bc73a7ed0a1633d61ef1365e3995ecd533c67dac7916116b14";

    @TempDir
    Path folder;

    @Test
    void aTextIsOneLineThatReadsBackExactly() {
        Ran ran = Cli.run("embed", "A cat and a dog");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).startsWith("{\"id\":1,\"tokens\":6,\"truncated\":false,\"embedding\":[").endsWith("]}\n");
        assertThat(values(ran.json().getFirst())).isEqualTo(embed(Input.text("A cat and a dog")).values());
    }

    @Test
    void textsAndImagesKeepTheOrderOfTheCommandLine() {
        Ran ran = Cli.run("embed", "a", "--image", Cli.IMAGE.toString(), "b", "--image=" + Cli.OTHER_IMAGE, "c", "d");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.json()).extracting(line -> line.integer("id")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(values(ran.json().get(0))).isEqualTo(embed(Input.text("a")).values());
        assertThat(values(ran.json().get(1))).isEqualTo(embed(Input.image(Cli.IMAGE)).values());
        assertThat(values(ran.json().get(2))).isEqualTo(embed(Input.text("b")).values());
        assertThat(values(ran.json().get(3))).isEqualTo(embed(Input.image(Cli.OTHER_IMAGE)).values());
        assertThat(values(ran.json().get(4))).isEqualTo(embed(Input.text("c")).values());
        assertThat(values(ran.json().get(5))).isEqualTo(embed(Input.text("d")).values());
    }

    @Test
    void anInstructionStandsBesideEveryImage() {
        Ran ran = Cli.run("embed", "--instruction", "What is it?\n", "--image", Cli.IMAGE.toString());

        Input expected = Input.images(List.of(ImageSource.of(Cli.IMAGE)), "What is it?\n");
        assertThat(values(ran.json().getFirst())).isEqualTo(embed(expected).values());
    }

    @Test
    void textsMayBeEmptyOrBeginWithAnything() {
        Ran ran = Cli.run("embed", "--", "", "-", "--image", "@file", "-5");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.json()).hasSize(5);
        assertThat(values(ran.json().get(0))).isEqualTo(embed(Input.text("")).values());
        assertThat(values(ran.json().get(2))).isEqualTo(embed(Input.text("--image")).values());
        assertThat(values(ran.json().get(3))).isEqualTo(embed(Input.text("@file")).values());
    }

    @Test
    void aLoneDashIsATextToo() {
        assertThat(Cli.run("embed", "-").json()).hasSize(1);
    }

    @Test
    void aMissingImageFailsAlone() {
        Ran ran = Cli.run("embed", "a", "--image", folder.resolve("none.png").toString(), "b");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines()).hasSize(3);
        assertThat(ran.json().get(1).integer("id")).isEqualTo(2);
        assertThat(ran.json().get(1).text("error")).contains("none.png");
        assertThat(ran.err()).isEqualTo("mme5: 1 of 3 inputs failed\n");
    }

    @Test
    void theOnlyInputFailingIsStatusOne() {
        Ran ran = Cli.run("embed", "--quiet", "--image", folder.resolve("none.png").toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void tokensAreCutAndCounted() {
        JsonObject cut = Cli.run("embed", "--max-tokens", "3", "A cat and a dog").json().getFirst();

        assertThat(cut.integer("tokens")).isEqualTo(3);
        assertThat(cut.bool("truncated")).isTrue();
    }

    @Test
    void tooLongTextsCanBeRefusedInstead() {
        Ran ran = Cli.run("embed", "--max-tokens", "3", "--refuse-long", "A cat and a dog", "A");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.json().get(0).text("error")).contains("limit of 3");
        assertThat(ran.json().get(1).has("embedding")).isTrue();
    }

    @Test
    void pixelsCanBeLimited() {
        Ran ran = Cli.run("embed", "--max-pixels", "1000", "--image", Cli.IMAGE.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.json().getFirst().text("error")).contains("1000");
    }

    @Test
    void theDuplicateBeginOfTextCanBeDropped() {
        Path addsOne = Cli.GOLDEN.resolve("models/b-f32-v5");
        int both = new Cli().model(addsOne).start("embed", "cat").json().getFirst().integer("tokens");
        int single = new Cli().model(addsOne).start("embed", "--single-bos", "cat").json().getFirst().integer("tokens");

        assertThat(single).isEqualTo(both - 1);
    }

    @Test
    void bitsDoNotDependOnThreadsOrCompany() {
        String alone = Cli.run("embed", "--threads", "1", "A cat and a dog").lines().getFirst();
        String inCompany = Cli.run("embed", "--threads", "2", "A cat and a dog", "b", "c", "d").lines().getFirst();

        assertThat(inCompany).isEqualTo(alone);
    }

    @Test
    void everyKindOfKernelsCanBeChosen() {
        for (String kind : List.of("auto", "vector", "scalar")) {
            assertThat(Cli.run("embed", "--kernels", kind, "a").status()).isZero();
        }
    }

    @Test
    void theModelIsChosenByOption() {
        Ran ran = new Cli().model(folder).start("embed", "--model", Cli.MODEL.toString(), "a");

        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void twoInputsOnATerminalAreCompared() {
        Ran ran = new Cli().onTerminal().start("embed", "a", "a");

        assertThat(ran.err()).matches("mme5: 2 inputs, 4 tokens: [^\n]+\nsimilarity 1\\.0000\n");
        assertThat(ran.json()).hasSize(2);
    }

    @Test
    void nothingIsComparedWithoutTerminalOrWhenQuiet() {
        assertThat(Cli.run("embed", "a", "b").err()).isEmpty();
        assertThat(new Cli().onTerminal().start("embed", "--quiet", "a", "b").err()).isEmpty();
        assertThat(new Cli().onTerminal().start("embed", "a", "b", "c").err()).doesNotContain("similarity");
    }

    @Test
    void aReaderThatHasGoneIsOneLineAndStatusTwo() {
        Ran ran = new Cli().stdout(Cli.breaking(100, "Broken pipe")).start("embed", "a", "b", "c");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: stdout: its reader has gone, results are missing\n");
    }

    @Test
    void aFullDiskIsOneLineAndStatusTwo() {
        Ran ran = new Cli().stdout(Cli.breaking(100, "No space left on device")).start("embed", "a");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: the output cannot be written: No space left on device\n");
    }

    @Test
    void weightsAreComparedWithTheirRecordedSums() throws IOException {
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(file.getFileName()));
        }
        Files.writeString(folder.resolve("SHA256SUMS"), SUM + "  model.safetensors\n");
        Ran right = new Cli().model(folder).start("embed", "--verify", "a");
        Files.writeString(folder.resolve("SHA256SUMS"), "0".repeat(64) + "  model.safetensors\n");
        Ran wrong = new Cli().model(folder).start("embed", "--verify", "a");

        assertThat(right.status()).as(right.err()).isZero();
        assertThat(right.err()).isEmpty();
        assertThat(wrong.status()).as(wrong.err()).isEqualTo(2);
        assertThat(wrong.err()).isEqualTo("mme5: %s: expected SHA-256 %s (SHA256SUMS), found %s%n"
                .formatted(folder.resolve("model.safetensors"), "0".repeat(64), SUM));
        assertThat(new Cli().model(folder).start("embed", "a").status()).isZero();
    }

    @Test
    void anOutputFileTakesThePlaceOfAnOlderOne() throws IOException {
        Path file = Files.writeString(folder.resolve("out.jsonl"), "old");

        Ran ran = Cli.run("embed", "a", "--output", file.toString());

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(Files.readString(file)).startsWith("{\"id\":1,");
        assertThat(folder.toFile().list()).containsExactly("out.jsonl");
    }

    @Test
    void anUnusableModelLeavesTheOutputFileAsItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("out.jsonl"), "old");

        Ran ran = new Cli().model(folder.resolve("none")).start("embed", "a", "--output", file.toString());

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).startsWith("mme5: ").contains("none").hasLineCount(1);
        assertThat(Files.readString(file)).isEqualTo("old");
        assertThat(folder.toFile().list()).containsExactly("out.jsonl");
    }

    @Test
    void aSymbolicLinkStaysOne() throws IOException {
        Path file = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        Cli.run("embed", "a", "--output", link.toString());

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).startsWith("{\"id\":1,");
    }

    @Test
    void aSymbolicLinkToAFileThatIsNotThereStaysOne() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));

        Cli.run("embed", "a", "--output", link.toString());

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(folder.resolve("real"))).startsWith("{\"id\":1,");
    }

    @Test
    void refusesSymbolicLinksWithoutEnd() throws IOException {
        Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));

        Ran ran = new Cli().folder(folder).start("embed", "a", "--output", "a");

        assertThat(ran.err()).isEqualTo("mme5: a: symbolic link loop\n");
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
    }

    private static Embedding embed(Input input) {
        try (EmbeddingModel model = EmbeddingModel.open(Cli.MODEL)) {
            return model.embed(input);
        }
    }

    private static float[] values(JsonObject line) {
        JsonArray array = line.array("embedding");
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = Float.parseFloat(array.get(i).toString());
        return values;
    }
}
