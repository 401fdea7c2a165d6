package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyCommandTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void copyTheModel() throws IOException {
        model = Files.createDirectory(folder.resolve("tiny"));
        try (Stream<Path> files = Files.list(Cli.MODEL)) {
            for (Path file : files.toList()) Files.copy(file, model.resolve(file.getFileName()));
        }
        Files.copy(Cli.IMAGE, model.resolve("grey.png"));
    }

    @Test
    void goldensThatAgreeAreStatusZero() throws IOException {
        goldens(embedded("{\"id\":\"t\",\"text\":\"a cat\"}", "{\"id\":\"p\",\"images\":[\"grey.png\"]}"));

        Ran ran = verify();

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.lines().get(0)).startsWith("tiny, ");
        assertThat(ran.lines().get(1)).isEqualTo("goldens.jsonl: 2 of 2 within 1e-5, largest difference 0.0 (t)");
    }

    @Test
    void oneNumberThatDiffersIsNamedAndStatusOne() throws IOException {
        List<String> lines = embedded("{\"id\":\"t\",\"text\":\"a cat\"}", "{\"id\":\"u\",\"text\":\"a dog\"}");
        String wrong = lines.get(1).replaceFirst("\\[[^,]*,", "[0.9,");
        goldens(List.of(lines.get(0), wrong));

        Ran ran = verify();

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines().get(1)).startsWith("  u: differs by ");
        assertThat(ran.lines().get(2)).startsWith("goldens.jsonl: 1 of 2 within 1e-5, largest difference ").endsWith("(u)");
    }

    @Test
    void anInputThatFailsIsNamedAndStatusOne() throws IOException {
        goldens(List
                .of(embedded("{\"id\":\"t\",\"text\":\"a cat\"}").getFirst().replace("\"text\":\"a cat\"", "\"images\":[\"none.png\"]")));

        Ran ran = verify();

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines().get(1)).startsWith("  t: ").endsWith("none.png: does not exist");
        assertThat(ran.lines().get(2)).startsWith("goldens.jsonl: 0 of 1 within 1e-5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        oops                            | line 2: byte 0: expected a value, found 'o'
        {"embedding":[]}                | line 2: expected prompt, text or images, found none of them
        {"text":"a"}                    | line 2: embedding: missing
        {"text":"a","embedding":[1,2]}  | line 2: embedding: expected 64 numbers, found 2
        """)
    void aLineThatIsNoGoldenIsStatusTwo(String line, String problem) throws IOException {
        goldens(List.of("", line));

        Ran ran = verify();

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("goldens.jsonl: " + problem).hasLineCount(1);
    }

    @Test
    void aGoldenOpensNoImageOutsideTheFolder() throws IOException {
        Files.copy(Cli.IMAGE, folder.resolve("outside.png"));
        Files.createSymbolicLink(model.resolve("link.png"), folder.resolve("outside.png"));
        String golden = embedded("{\"id\":\"p\",\"images\":[\"grey.png\"]}").getFirst();

        for (String image : List.of("../outside.png", folder.resolve("outside.png").toString(), "link.png")) {
            goldens(List.of(golden.replace("grey.png", image)));
            Ran ran = verify();

            assertThat(ran.status()).as(image).isEqualTo(2);
            assertThat(ran.err()).contains(Path.of(image).getFileName() + ": expected a file in the model folder, found a link to ")
                    .hasLineCount(1);
        }
    }

    @Test
    void goldensThatAreALinkOutOfTheFolderAreNotRead() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret");
        Files.createSymbolicLink(model.resolve("goldens.jsonl"), secret);

        Ran ran = verify();

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("goldens.jsonl: expected a file in the model folder, found a link to ").hasLineCount(1);
    }

    @Test
    void nothingToCompareIsStatusTwo() throws IOException {
        Ran nothing = verify();
        goldens(List.of());
        Ran empty = verify();

        assertThat(nothing.status()).as(nothing.err()).isEqualTo(2);
        assertThat(nothing.err()).contains("nothing to verify: ").contains(" has no goldens.jsonl, and no --image is given")
                .hasLineCount(1);
        assertThat(empty.err()).contains("goldens.jsonl: has no lines").hasLineCount(1);
    }

    @Test
    void onlyThePapersImageIsCompared() {
        Ran other = verify("--image", model.resolve("grey.png").toString());
        Ran none = verify("--image", "none.jpg");

        assertThat(other.status()).as(other.err()).isEqualTo(2);
        assertThat(other.err())
                .contains("grey.png: is not the example image: expected 56749 bytes with SHA-256 52d2be67...51fbc9, found ")
                .hasLineCount(1);
        assertThat(none.status()).as(none.err()).isEqualTo(2);
        assertThat(none.err()).contains("none.jpg: not found").hasLineCount(1);
    }

    private Ran verify(String... more) {
        return new Cli().folder(folder).model(model).start(Stream.concat(Stream.of("verify"), Stream.of(more)).toArray(String[]::new));
    }

    /** What this very machine computes, as goldens: equal to the last digit. */
    private List<String> embedded(String... lines) throws IOException {
        Path inputs = model.resolve("inputs.jsonl");
        Files.write(inputs, List.of(lines));
        List<String> vectors = new Cli().model(model).start("embed", "--input", inputs.toString()).lines();
        return Stream.iterate(0, i -> i < lines.length, i -> i + 1)
                .map(i -> lines[i].replaceFirst("}$", ",") + vectors.get(i).substring(vectors.get(i).indexOf("\"embedding\"")))
                .toList();
    }

    private void goldens(List<String> lines) throws IOException {
        Files.write(model.resolve("goldens.jsonl"), lines);
    }
}
