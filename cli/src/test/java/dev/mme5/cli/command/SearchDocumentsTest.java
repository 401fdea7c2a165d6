package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of documents is embedded, and where results go. */
class SearchDocumentsTest {
    private static final Path ENCODER = Path.of("engine/src/test/resources/golden-encoder/models/bert-cls").toAbsolutePath();

    @TempDir
    Path folder;

    private Ran run(String... args) {
        return new Cli().folder(folder).start(args);
    }

    private void text(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void specialTokensAreTextIfTheOptionSaysSo() throws IOException {
        text("docs/a.txt", "the token <|image|>");

        Ran special = run("search", "--in", "docs", "x");
        Ran plain = run("search", "--in", "docs", "--no-special", "the token <|image|>");

        assertThat(special.status()).isEqualTo(1);
        assertThat(special.err()).contains("a.txt: the prompt has 1 <|image|> for 0 images\n",
                "documents failed; --no-special takes special tokens in a text as text\n");
        assertThat(run("search", "--in", "docs", "--no-special", "x").err()).doesNotContain("--no-special");
        assertThat(plain.status()).isZero();
        assertThat(plain.lines()).contains("  1   1.0000  a.txt  the token <|image|>");
    }

    @Test
    void documentsGetTheirOwnPrompt() throws IOException {
        text("docs/a.txt", "a cat");
        text("lines.jsonl", "{\"id\":\"a\",\"text\":\"a cat\"}\n");

        for (String in : new String[] {"docs", "lines.jsonl"}) {
            for (String[] option : new String[][] {{"--document-prompt-name", "passage"}, {"--document-prompt", "passage: "}}) {
                Ran ran = new Cli().folder(folder).model(ENCODER).start("search", "--in", in, option[0], option[1], "passage: a cat");
                assertThat(ran.lines().get(1)).matches("  1   1\\.0000  a(\\.txt)?  a cat");
            }
        }
    }

    @Test
    void promptThatNoDocumentTakesIsSaidInOneLine() throws IOException {
        Files.createDirectory(folder.resolve("docs"));
        Files.copy(Cli.IMAGE, folder.resolve("docs/x.png"));
        text("lines.jsonl", "{\"id\":\"a\",\"images\":[\"docs/x.png\"],\"text\":\"a cat\"}\n");

        for (String in : new String[] {"docs", "lines.jsonl"}) {
            Ran unused = run("search", "--in", in, "--document-prompt", "passage: ", "x");
            assertThat(unused.status()).isZero();
            assertThat(unused.err().lines().filter(line -> line.contains("--document-prompt"))).containsExactly(
                    "mme5: --document-prompt is for documents without images, and there is none");
            assertThat(run("search", "--in", in, "--document-prompt", "passage: ", "--quiet", "x").err()).isEmpty();
            assertThat(run("search", "--in", in, "x").err()).doesNotContain("--document-prompt");
        }
        text("docs/a.txt", "a cat");
        assertThat(run("search", "--in", "docs", "--document-prompt", "passage: ", "x").err()).doesNotContain("--document-prompt");
    }

    @Test
    void missingImageOfALineKeepsItsVector() throws IOException {
        Files.createDirectory(folder.resolve("disk"));
        Files.copy(Cli.IMAGE, folder.resolve("disk/x.png"));
        text("lines.jsonl", "{\"id\":\"a\",\"images\":[\"disk/x.png\"]}\n{\"id\":\"b\",\"text\":\"a dog\"}\n");
        run("search", "--in", "lines.jsonl", "x");
        Files.delete(folder.resolve("disk/x.png"));

        Ran kept = run("search", "--in", "lines.jsonl", "a dog");
        Ran pruned = run("search", "--in", "lines.jsonl", "a dog", "--prune");

        assertThat(kept.status()).isEqualTo(1);
        assertThat(kept.lines()).hasSize(3);
        assertThat(kept.err()).isEqualTo("mme5: a: disk/x.png: does not exist; its earlier vector is kept\n");
        assertThat(pruned.lines()).hasSize(2);
        assertThat(pruned.err()).contains("mme5: a: disk/x.png: does not exist\n");
    }

    @Test
    void suffixOfTheOutputAsksForJson() throws IOException {
        text("docs/a.txt", "a cat");

        assertThat(run("search", "--in", "docs", "a cat", "--output", "found.JSONL").status()).isZero();
        assertThat(run("search", "--in", "docs", "a cat", "--output", "found.txt", "--format", "jsonl").status()).isZero();
        assertThat(run("search", "--in", "docs", "a cat", "--output", "found").status()).isZero();

        assertThat(folder.resolve("found.JSONL")).content().startsWith("{\"query\":\"a cat\"");
        assertThat(folder.resolve("found.txt")).content().startsWith("{\"query\":\"a cat\"");
        assertThat(folder.resolve("found")).content().startsWith("a cat\n");
    }

    @Test
    void aFileHasNothingToExclude() throws IOException {
        text("lines.jsonl", "{\"id\":\"a\",\"text\":\"a cat\"}\n");

        Ran ran = run("search", "--in", "lines.jsonl", "--exclude", "a", "x");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: --exclude is for folders: lines.jsonl is a file (see mme5 search --help)\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            embed a --output o.npz \
                | --output o.npz: npz is not written by this command, possible are .csv, .json, .jsonl, .ndjson, .npy
            embed a --output o.jsonl.gz --format jsonl  | gz is not written
            embed a --output o.json --format npy        | --output o.json is named like jsonl, and --format is npy
            search --in x a --output o.csv              | csv is not written by this command, possible are .json, .jsonl, .ndjson
            search --in x a --output o.html             | the page of a search is written by --html
            search --in x a --output o.json --format table | --output o.json is named like jsonl, and --format is table
            evaluate --data x --output o.csv            | csv is not written
            tokenize a --output o.npy                   | npy is not written
            trace --input x --output o.npz              | npz is not written by this command, possible are .safetensors
            embed --image https://x.org/a.png           | --image https://x.org/a.png is an URL, expected the path of a file
            search --in https://x.org/a q               | https://x.org/a: is an URL
            search --in x --document-prompt a --document-prompt-name b q | expected one of them
            help serach                                 | unknown command serach; did you mean search?
            search --tpo 3                              | unknown option --tpo; did you mean --top?
            --model x embed a                           | unknown option --model; options come after the command
            embed a --model https://x.org/a/b           | mme5 download ORG/NAME gets a model
            """)
    void wrongUseIsOneLineAndStatusTwo(String command, String message) {
        Ran ran = run(command.split(" +"));

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("mme5: ").contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"embed", "search", "completion", "models", "inspect"})
    void everyCommandTellsTheVersion(String command) {
        assertThat(run(command, "-V").out()).startsWith("mme5 ");
    }
}
