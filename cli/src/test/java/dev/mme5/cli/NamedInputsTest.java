package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and texts as people and shells write them: patterns, files given as texts, suffixes, special tokens, other kinds of input. */
class NamedInputsTest {
    private static final String SPECIAL = "An <|image|> is <|begin_of_text|> here";
    private static final String PLAIN_IDS =
            "27,91,72,76,64,272,91,29,267,82,220,27,91,65,68,70,261,62,78,69,62,83,68,87,83,91,29,220,257,268";

    @TempDir
    Path folder;

    @BeforeEach
    void makeImages() throws IOException {
        Files.createDirectories(folder.resolve("pics/more"));
        for (String name : List.of("b.png", "a.png", ".hidden.png", "more/c.png"))
            Files.copy(Cli.IMAGE, folder.resolve("pics").resolve(name));
        Files.copy(Cli.OTHER_IMAGE, folder.resolve("pics/z.png"));
        Files.writeString(folder.resolve("pics/note.txt"), "a note");
    }

    private Cli.Ran run(String... args) {
        return new Cli().folder(folder).start(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embed", "tokenize", "search"})
    void textThatNamesAFileIsRefusedWithBothWaysToMeanIt(String command) {
        List<String> args = List.of(command, "--image", "pics/a.png", "pics/b.png", "pics/z.png");
        Cli.Ran ran = command.equals("search")
                ? run("search", "--in", "pics", "--image", "pics/a.png", "pics/b.png")
                : run(args.toArray(String[]::new));

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("pics/b.png", "--image FILE for each", "--image 'PATTERN' in quotes", "write --").hasLineCount(1);
    }

    @Test
    void textAfterTwoHyphensMayNameAFile() {
        Cli.Ran ran = run("tokenize", "first", "--", "pics/b.png");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).hasSize(2);
        assertThat(run("tokenize", "pics/b.png", "--", "pics/b.png").status()).isEqualTo(2);
    }

    @Test
    void quotedPatternIsEveryFileThatItMatchesByName() {
        Cli.Ran ran = run("embed", "--image", "pics/*.png", "a text");

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.lines()).hasSize(4);
        assertThat(ran.lines().get(0)).isEqualTo(run("embed", "--image", "pics/a.png").lines().getFirst());
        assertThat(ran.lines().get(2).substring(8)).isEqualTo(run("embed", "--image", "pics/z.png").lines().getFirst().substring(8));
        assertThat(run("embed", "--image", folder + "/p*/more/?.png").lines()).hasSize(1);
    }

    @Test
    void fileWhoseNameLooksLikeAPatternIsThatFile() throws IOException {
        Files.copy(Cli.OTHER_IMAGE, folder.resolve("pics/[ab].png"));

        assertThat(run("embed", "--image", "pics/[ab].png").lines()).isEqualTo(run("embed", "--image", "pics/z.png").lines());
    }

    @Test
    void wildcardsAreThoseOfExclude() {
        assertThat(run("embed", "--image", "pics/{a,[y-z]}.png").lines()).hasSize(2);
        assertThat(run("embed", "--image", "pics/[!a]*.png").lines()).hasSize(2);
        assertThat(run("embed", "--image", "./pics/../pics/.h*").lines()).hasSize(1);
        assertThat(run("embed", "--image", "pics/\\.h*").lines()).hasSize(1);
        assertThat(run("embed", "--image", "**/c.png").err()).as("within a name").contains("matches no file").hasLineCount(1);
        assertThat(run("embed", "--image", "*/../pics/[a").err()).contains("pics/[a matches no file").hasLineCount(1);
        assertThat(run("embed", "--image", "missing/../p*/a.png").err()).contains("matches no file").hasLineCount(1);
    }

    /** As a regular expression, the pattern would be tried in more ways than anyone has time for. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyWildcardsTakeNoTime() throws IOException {
        Files.copy(Cli.OTHER_IMAGE, folder.resolve("pics/" + "a".repeat(250)));

        assertThat(run("embed", "--image", "pics/" + "*a".repeat(60) + "b").err()).contains("matches no file").hasLineCount(1);
    }

    @Test
    void patternWithoutMatchIsRefused() {
        Cli.Ran ran = run("embed", "--image", "pics/*.gif");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("pics/*.gif", "matches no file");
    }

    @Test
    void suffixDecidesTheFormatAndMayNotContradictTheOption() throws IOException {
        assertThat(run("embed", "a", "--output", "o.npy").status()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("o.npy"))).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y');
        assertThat(run("embed", "a", "--output", "O.CSV").status()).isZero();
        assertThat(Files.readString(folder.resolve("O.CSV"))).startsWith("id,tokens,truncated,e0");
        assertThat(run("embed", "a", "--output", "o.txt").status()).isZero();
        assertThat(Files.readString(folder.resolve("o.txt"))).startsWith("{\"id\":1,");
        assertThat(run("embed", "a", "--format", "csv", "--output", "o.txt").status()).isZero();
        assertThat(Files.readString(folder.resolve("o.txt"))).startsWith("id,");

        Cli.Ran ran = run("embed", "a", "--format", "jsonl", "--output", "p.npy");
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.err()).contains("p.npy", "npy", "jsonl").hasLineCount(1);
        assertThat(folder.resolve("p.npy")).doesNotExist();
    }

    @Test
    void lineFeedOfAnInstructionIsTheSameInAllCommands() {
        String escaped = run("tokenize", "--image", "pics/a.png", "--instruction", "Describe it.\\n").out();

        assertThat(escaped).isEqualTo(run("tokenize", "--image", "pics/a.png", "--instruction", "Describe it.\n").out());
        assertThat(run("embed", "--image", "pics/a.png", "--instruction", "Describe it.\\n").out())
                .isEqualTo(run("embed", "--image", "pics/a.png", "--instruction", "Describe it.\n").out());
        assertThat(run("tokenize", "a\\n").out()).as("texts are taken as they are").isNotEqualTo(run("tokenize", "a\n").out());
    }

    /** The ids are those of the tokenizers library with encode_special_tokens. */
    @Test
    void specialTokensMayBePlainText() {
        assertThat(run("tokenize", SPECIAL).out()).contains("\"error\"");
        for (String command : new String[] {"tokenize", "embed"}) {
            assertThat(run(command, SPECIAL).err()).isEqualTo(
                    "mme5: 1 of 1 input failed; --no-special takes special tokens in a text as text\n");
        }
        assertThat(run("tokenize", "--no-special", SPECIAL).out()).isEqualTo("{\"id\":1,\"ids\":[640,32,77,220," + PLAIN_IDS + "]}\n");
        assertThat(run("tokenize", "--no-special", "--raw", SPECIAL).out()).isEqualTo("{\"id\":1,\"ids\":[32,77,220," + PLAIN_IDS + "]}\n");
        String line = "{\"text\":\"" + SPECIAL + "\",\"special\":false}\n";
        assertThat(new Cli().stdin(line).start("tokenize", "--input", "-").out()).contains("[640,32,77,220," + PLAIN_IDS + "]");

        String vector = run("embed", "--no-special", SPECIAL).out();
        assertThat(vector).contains("\"tokens\":34");
        assertThat(new Cli().stdin(line).start("embed", "--input", "-").out()).isEqualTo(vector);
        assertThat(new Cli().stdin(line.replace("false", "true")).start("embed", "--no-special", "--input", "-").status()).isEqualTo(1);
        assertThat(run("embed", "--no-special", "a cat").out()).isEqualTo(run("embed", "a cat").out());
    }

    @Test
    void specialTokensOfATextWithAnImageMayBePlainText() {
        String image = "\"images\":[\"" + Cli.IMAGE + "\"]";
        String line = "{\"text\":\"<|image|><|begin_of_text|>\",\"special\":false," + image + "}\n";

        Cli.Ran ids = new Cli().stdin(line).start("tokenize", "--input", "-");
        Cli.Ran vector = new Cli().stdin(line).start("embed", "--input", "-");

        assertThat(ids.out()).contains("\"ids\":[652,640,27,91,");
        assertThat(vector.status()).as(vector.out()).isZero();
        Cli.Ran prompt = new Cli().stdin("{\"prompt\":\"<|image|>\",\"special\":false," + image + "}\n").start("embed", "--input", "-");
        assertThat(prompt.out()).contains("special", "next to prompt");
    }

    @Test
    void addressOfAnImageIsNamed() {
        Cli.Ran ran = new Cli().stdin("{\"images\":[\"https://example.com/a.png\"]}\n").start("embed", "--input", "-");

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).contains("URL", "path of a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n]\n", "[{\"text\":\"a\"},\n{\"text\":\"b\"}]", " [ \n"})
    void arrayOfInputsIsOneLine(String array) throws IOException {
        Files.writeString(folder.resolve("in.json"), array);

        Cli.Ran ran = run("embed", "--input", "in.json");

        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("in.json", "JSON array", "JSON lines").hasLineCount(1);
    }
}
