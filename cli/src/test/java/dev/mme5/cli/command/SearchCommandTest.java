package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import dev.mme5.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On an untrained model a document is found by its own words or its own image, with a score of 1. */
class SearchCommandTest {
    private static final String INDEX = ".mme5-index.safetensors";

    @TempDir
    Path folder;

    @BeforeEach
    void documents() throws IOException {
        text("docs/cat.txt", "a cat on a mat\n");
        text("docs/sub/飛行機.txt", "飛行機");
        text("docs/dog.txt", "ein Hund");
        Files.copy(Cli.IMAGE, folder.resolve("docs/grey.png"));
    }

    @Test
    void printsATableForEachQueryInTheOrderOfTheCommandLine() {
        Ran ran = search("a cat on a mat", "飛行機", "--image", Cli.IMAGE.toString(), "ein Hund", "--top", "1");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).containsExactly(
                "a cat on a mat",
                "  1   1.0000  cat.txt  a cat on a mat",
                "",
                "飛行機",
                "  1   1.0000  sub/飛行機.txt  飛行機",
                "",
                Cli.IMAGE.toString(),
                "  1   1.0000  grey.png",
                "",
                "ein Hund",
                "  1   1.0000  dog.txt  ein Hund");
        assertThat(ran.err()).startsWith("mme5: 4 documents, 4 embedded now in ").hasLineCount(1);
    }

    @Test
    void indexThatCannotBeReadIsNotToBeBuiltAgain() throws IOException {
        Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));

        Ran ran = search("ein Hund", "--index", folder.resolve("loop").toString());

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("cannot be read", "; name another file with --index").doesNotContain("--rebuild").hasLineCount(1);
    }

    @Test
    void aQueryThatFailsIsNamedOnceAsTyped() {
        Ran ran = new Cli().folder(folder).start("search", "--in", "docs", "--quiet", "--image", "nope.png");

        assertThat(ran.err()).isEqualTo("mme5: nope.png: does not exist\n");
        assertThat(ran.status()).isEqualTo(1);
    }

    @Test
    void jsonLinesTellTheSameToPrograms() {
        Ran ran = search("ein Hund", "--image", Cli.IMAGE.toString(), "--format", "jsonl", "--quiet");

        List<JsonObject> answers = ran.json();
        assertThat(ran.err()).isEmpty();
        assertThat(answers.get(0).text("query")).isEqualTo("ein Hund");
        assertThat(answers.get(0).array("matches").size()).isEqualTo(4);
        JsonObject best = answers.get(0).array("matches").object(0);
        assertThat(best.integer("rank")).isEqualTo(1);
        assertThat(best.number("score")).isGreaterThan(0.999);
        assertThat(best.text("id")).isEqualTo("dog.txt");
        assertThat(best.text("kind")).isEqualTo("text");
        assertThat(best.text("title")).isEqualTo("ein Hund");
        assertThat(answers.get(1).text("image")).isEqualTo(Cli.IMAGE.toString());
        assertThat(answers.get(1).array("matches").object(0).keys()).containsExactly("rank", "score", "id", "kind");
    }

    @Test
    void rankingBySignsFindsTheSameWithTheSameScores() {
        String[] query = {"a cat on a mat", "--image", Cli.IMAGE.toString(), "--top", "2", "--format", "jsonl"};
        List<String> exact = search(query).lines();

        List<String> binary = search(with(query, "--rank", "binary")).lines();
        List<String> rescored = search(with(query, "--rank", "binary", "--rescore", "2")).lines();

        assertThat(binary).isEqualTo(exact);
        assertThat(rescored).hasSize(2).allMatch(line -> line.contains("\"rank\":2"));
        assertThat(rescored.get(0)).contains("\"rank\":1,\"score\":1");
    }

    @Test
    void luceneFindsTheSameWithTheSameScores() throws IOException {
        String[] query = {"a cat on a mat", "--image", Cli.IMAGE.toString(), "--top", "2", "--format", "jsonl"};
        assertThat(search(with(query, "--engine", "lucene", "--rescore", "4")).lines()).isEqualTo(search(query).lines());
        assertThat(folder.resolve("docs/" + INDEX + ".lucene")).isDirectory();

        Files.delete(folder.resolve("docs/cat.txt"));
        text("docs/copy.txt", "ein Hund");
        text("docs/new.txt", "two cats on a mat");
        Ran changed = search(with(query, "--engine", "lucene", "--quiet"));
        assertThat(changed.lines()).isEqualTo(search(query).lines());
        assertThat(changed.err()).isEmpty();
        assertThat(search("ein Hund", "--top", "2", "--engine", "lucene").lines()).containsSubsequence(
                "  1   1.0000  copy.txt  ein Hund", "  2   1.0000  dog.txt   ein Hund");
    }

    @Test
    void luceneAndSignsExcludeEachOther() {
        Ran ran = search("a cat", "--engine", "lucene", "--rank", "binary");

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("--rank binary and --engine lucene exclude each other").hasLineCount(1);
    }

    private static String[] with(String[] line, String... more) {
        List<String> all = new ArrayList<>(List.of(line));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void theIndexIsKeptAndOnlyWhatChangedIsEmbedded() throws IOException {
        search("x");
        assertThat(folder.resolve("docs").resolve(INDEX)).exists();
        assertThat(search("x").err()).isEmpty();
        text("docs/new.txt", "new");
        Files.delete(folder.resolve("docs/dog.txt"));

        assertThat(search("x").err()).startsWith("mme5: 4 documents, 1 embedded now in ");
        assertThat(search("x", "--rebuild").err()).startsWith("mme5: 4 documents, 4 embedded now in ");
    }

    @Test
    void indexNamesAnotherPlaceForIt() {
        Ran ran = search("x", "--index", "elsewhere.index");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(folder.resolve("elsewhere.index")).exists();
        assertThat(folder.resolve("docs").resolve(INDEX)).doesNotExist();
    }

    @Test
    void linesOfAFileAreDocumentsAsTheyAreInputsOfEmbed() throws IOException {
        text("docs.jsonl", """
                {"id":"first","text":"a cat"}
                {"text":"ein Hund"}

                {"id":"image","images":["docs/grey.png"]}
                {"id":"both","images":["docs/grey.png"],"text":"what is it?"}
                oops
                {"id":"gone","images":["none.png"]}
                """);

        Ran ran = new Cli().folder(folder).start(
                "search", "--in", "docs.jsonl", "--top", "1", "ein Hund", "--image", "docs/grey.png", "--quiet");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines()).containsExactly("ein Hund", "  1   1.0000  2  ein Hund", "", "docs/grey.png", "  1   1.0000  image");
        assertThat(ran.err().lines()).containsExactly(
                "mme5: 6: line 6: byte 0: expected a value, found 'o'", "mme5: gone: none.png: does not exist");
        assertThat(folder.resolve("docs.jsonl" + INDEX)).exists();
    }

    @Test
    void aBadDocumentIsALineAndStatusOneAndTheRestIsSearched() throws IOException {
        text("docs/bad.png", "no image");

        Ran ran = search("ein Hund", "--top", "1", "--quiet");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.lines()).contains("  1   1.0000  dog.txt  ein Hund");
        assertThat(ran.err()).startsWith("mme5: bad.png: is not an image").hasLineCount(1);
    }

    @Test
    void aBadQueryIsALineAndStatusOneAndTheOthersAreAnswered() throws IOException {
        text("bad.png", "no image");

        Ran table = search("--image", "bad.png", "ein Hund", "--top", "1", "--quiet");
        Ran lines = search("--image", "bad.png", "ein Hund", "--top", "1", "--quiet", "--format", "jsonl");

        assertThat(table.status()).as(table.err()).isEqualTo(1);
        assertThat(table.lines()).containsExactly("bad.png", "  failed", "", "ein Hund", "  1   1.0000  dog.txt  ein Hund");
        assertThat(table.err()).startsWith("mme5: bad.png: ").hasLineCount(1);
        assertThat(lines.json().get(0).text("error")).contains("is not an image");
        assertThat(lines.json().get(1).array("matches").size()).isEqualTo(1);
    }

    @Test
    void anInstructionIsPutAroundTextsOrReplacesThatOfImages() throws IOException {
        text("docs/cat.txt", "Find: a cat.\nNow");
        text("told.jsonl", "{\"id\":\"told\",\"images\":[\"docs/grey.png\"],\"text\":\"What\\nis it\"}");

        Ran text = search("a cat", "--instruction", "Find: {}.\\nNow", "--top", "1");
        Ran image = new Cli().folder(folder).start(
                "search", "--in", "told.jsonl", "--image", "docs/grey.png", "--instruction", "What\\nis it");

        assertThat(text.lines()).contains("  1   1.0000  cat.txt  Find: a cat. Now");
        assertThat(image.lines()).contains("  1   1.0000  told  What is it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        search x                                        | --in FOLDER|FILE.jsonl is missing
        search --in docs                                | nothing to search for: give QUERY or --image
        search --in docs x --top 0                      | --top is 0, expected at least 1
        search --in docs x --rescore 5                  | --rescore is for --rank binary
        search --in docs x --rank binary --rescore 9    | --rescore is 9, expected at least --top, 10
        search --in docs x --rank near                  | --rank: expected one of
        search --in docs x --format xml                 | --format: expected one of
        search --in docs x --instruction Find           | --instruction has no {} for the QUERY
        search --in docs --image a --instruction {}     | --instruction has {} for a QUERY, and there is none
        search --in docs x --threads 0                  | --threads is 0, expected at least 1
        search --in docs x --max-tokens 0               | --max-tokens is 0, expected at least 1
        search --in docs x --max-pixels 0               | --max-pixels is 0, expected at least 1
        search --in none x                              | none: not found, expected a folder or a file of JSON lines
        search --in blank.jsonl/x x                     | blank.jsonl/x: blank.jsonl is a file, expected a folder
        search --in loop x                              | loop: Too many levels of symbolic links
        search --in empty x                             | empty: has no documents: no image and no .txt file
        search --in blank.jsonl x                       | blank.jsonl: has no documents: not one line
        search --in docs x --model none                 | none: no such folder
        search --in docs x --index none/i | none/i.partial: the index cannot be written (no such folder); name another file with --index
        search --in docs x --index docs                 | docs: is not an index of mme5; name another file with --index
        search --in docs x --index blank.jsonl          | blank.jsonl: is not an index of mme5; name another file with --index
        search --in docs x --index blank                | blank: is not an index of mme5; name another file with --index
        search --in docs x --output docs                | docs: is a folder, expected a file
        """)
    void wrongUseIsOneLineAndStatusTwo(String command, String message) throws IOException {
        Files.createDirectories(folder.resolve("empty"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        text("blank.jsonl", "\n\n");
        text("blank", "\n\n");

        Ran ran = new Cli().folder(folder).start(command.split(" "));

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("mme5: ").contains(message).hasLineCount(1);
    }

    @Test
    void anIndexOfAnotherModelIsRefusedNamingBoth() {
        search("x");

        Ran other = search("x", "--model", Cli.GOLDEN.resolve("models/b-f32-v5").toString());
        Ran options = search("x", "--max-tokens", "3");
        Ran rebuilt = search("x", "--max-tokens", "3", "--rebuild");

        assertThat(other.status()).as(other.err()).isEqualTo(2);
        assertThat(other.err())
                .contains(INDEX + ": was made with another model: \"a-bf16-hub\" (", "not \"b-f32-v5\" (", "--rebuild")
                .hasLineCount(1);
        assertThat(options.err()).contains("was made with other options: max_tokens 131072, not 3; build it again with --rebuild")
                .hasLineCount(1);
        assertThat(rebuilt.status()).as(rebuilt.err()).isZero();
    }

    @Test
    void aDamagedIndexIsRefusedUntilItIsRebuilt() throws IOException {
        search("x");
        Path index = folder.resolve("docs").resolve(INDEX);
        byte[] whole = Files.readAllBytes(index);
        Files.write(index, Arrays.copyOf(whole, whole.length - 3));

        Ran damaged = search("x");
        Ran rebuilt = search("x", "--rebuild");

        assertThat(damaged.status()).as(damaged.err()).isEqualTo(2);
        assertThat(damaged.err()).contains(INDEX + ": ", "; build it again with --rebuild, or name another file with --index")
                .hasLineCount(1);
        assertThat(rebuilt.status()).as(rebuilt.err()).isZero();
        assertThat(search("x").status()).isZero();
    }

    @Test
    void whatIsSkippedOrCutOffIsSaidInTheLastLine() throws IOException {
        text("docs/none.txt", "");
        text("docs/blank.txt", " \n");
        for (String name : List.of("1.heic", "2.jpg", "3")) text("docs/" + name, "\0\0\0\030ftypheic\0\0\0\0");
        text("docs/4.avif", "\0\0\0\030ftypavif\0\0\0\0");

        // The instruction of the image, too, has more than 5 tokens.
        Ran first = search("x", "--max-tokens", "5");
        Ran second = search("x", "--max-tokens", "5");
        Ran quiet = search("x", "--max-tokens", "5", "--quiet");
        Ran query = search("a query of many words", "--max-tokens", "5");

        String said = "; 4 texts cut off at 5 tokens; 4 images not read: 3 HEIC, 1 AVIF; 2 empty documents skipped: none.txt, blank.txt\n";
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.err()).startsWith("mme5: 4 documents, 4 embedded now in ").endsWith(INDEX + said).hasLineCount(1);
        assertThat(second.err()).isEqualTo("mme5: 4 documents" + said);
        assertThat(quiet.err()).isEmpty();
        assertThat(query.err()).contains("mme5: 1 query cut off at 5 tokens");
    }

    @Test
    void emptyFolderKeepsItsDocumentsUntilPruned() throws IOException {
        for (int i = 0; i < 20; i++) text("docs/disk/" + i + ".txt", "number " + i);
        search("x");
        for (int i = 0; i < 20; i++) Files.delete(folder.resolve("docs/disk/" + i + ".txt"));

        Ran kept = search("number 7", "--top", "1");
        Ran pruned = search("number 7", "--top", "99", "--prune");

        assertThat(kept.status()).as(kept.err()).isEqualTo(1);
        assertThat(kept.lines()).contains("  1   1.0000  disk/7.txt  number 7");
        assertThat(kept.err())
                .isEqualTo("mme5: disk: is empty, so 20 documents that the index has below it are kept; --prune drops them\n");
        assertThat(pruned.status()).as(pruned.err()).isZero();
        assertThat(pruned.out()).doesNotContain("disk/");
    }

    @Test
    void folderThatCannotBeLookedAtIsNotCalledMissing() {
        String tooLong = "d".repeat(300);

        Ran ran = new Cli().folder(folder).start("search", "--in", tooLong, "x");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).endsWith(tooLong + ": File name too long\n").doesNotContain("not found").hasLineCount(1);
    }

    @Test
    void excludedFilesAreNoDocuments() throws IOException {
        text("docs/@eaDir/x.txt", "number");
        text("docs/@eaDir/y.txt", "number");

        Ran ran = search("x", "--exclude", "sub", "--exclude", "*.png", "--exclude", "d*.txt");

        assertThat(ran.lines()).hasSize(2);
        assertThat(ran.out()).contains("cat.txt");
    }

    @Test
    void blankLinesOfAFileAreSkipped() throws IOException {
        text("docs.jsonl", "{\"text\":\"a cat\"}\n{\"id\":\"blank\",\"text\":\" \\n\"}\n");

        Ran ran = new Cli().folder(folder).start("search", "--in", "docs.jsonl", "x");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).hasSize(2);
        assertThat(ran.err()).endsWith("; 1 empty document skipped: blank\n");
    }

    @Test
    void folderOfNothingThatCanBeReadIsRefusedWithWhatItHas() throws IOException {
        text("phone/1.heic", "\0\0\0\030ftypheic\0\0\0\0");

        Ran ran = new Cli().folder(folder).start("search", "--in", "phone", "x");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: phone: has no documents: 1 image not read: 1 HEIC\n");
    }

    @Test
    void twoSearchesAtOnceBothAnswer() throws Exception {
        List<Ran> ran = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                Ran one = search("ein Hund", "--top", "1", "--quiet");
                synchronized (ran) {
                    ran.add(one);
                }
            }));
        }
        for (Thread thread : threads) thread.join();

        assertThat(ran).hasSize(2).allMatch(one -> one.status() == 0 && one.err().isEmpty());
        assertThat(ran).allMatch(one -> one.lines().contains("  1   1.0000  dog.txt  ein Hund"));
    }

    private Ran search(String... arguments) {
        List<String> all = new ArrayList<>(List.of("search", "--in", "docs"));
        all.addAll(List.of(arguments));
        return new Cli().folder(folder).start(all.toArray(String[]::new));
    }

    private void text(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }
}
