package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import dev.mme5.cli.Cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --stats}: the last line says what the model did; and {@code --prefix-cache}, which changes that and no vector. */
class StatisticsTest {
    private static final String TIME = "; [0-9,]+\\.[0-9]{2} s, [0-9,]+ tokens/s\n";
    private static final Path ENCODER = Cli.GOLDEN.resolveSibling("golden-encoder/models/xlm-roberta-mean");

    @TempDir
    Path folder;

    @Test
    void isOneLineWithoutATerminalToo() {
        Ran plain = Cli.run("embed", "a cat", "a cat", "dog");
        Ran counted = Cli.run("embed", "--stats", "a cat", "a cat", "dog");

        assertThat(plain.err()).isEmpty();
        assertThat(counted.err()).matches("mme5: 3 inputs, 10 tokens: 6 computed, 4 shared, 0 of them cached" + TIME);
        assertThat(counted.out()).isEqualTo(plain.out());
    }

    @Test
    void isShownOnATerminalForTwoInputsOrMore() {
        Ran two = new Cli().onTerminal().start("embed", "a cat", "a cat", "dog");

        assertThat(two.err()).matches("mme5: 3 inputs, 10 tokens: 6 computed, 4 shared, 0 of them cached" + TIME);
        assertThat(new Cli().onTerminal().start("embed", "a cat").err()).isEmpty();
        assertThat(new Cli().onTerminal().start("embed", "--stats", "a cat").err()).matches("mme5: 1 input, 3 tokens: [^\n]+\n");
        assertThat(new Cli().onTerminal().start("embed", "--quiet", "a cat", "a cat").err()).isEmpty();
    }

    @Test
    void isPrintedWhenAskedForAlthoughQuiet() {
        assertThat(Cli.run("embed", "--quiet", "--stats", "a cat").err())
                .matches("mme5: 1 input, 3 tokens: 3 computed, 0 shared, 0 of them cached" + TIME);
    }

    @Test
    void countsWhatWasEmbeddedAndNotWhatFailed() {
        Ran ran = new Cli().stdin("{\"text\":\"a cat\"}\noops\n").start("embed", "--stats", "--input", "-");

        assertThat(ran.err()).matches("mme5: 1 of 2 inputs failed\nmme5: 1 input, 3 tokens: 3 computed, 0 shared, 0 of them cached" + TIME);
    }

    @Test
    void countsNothingOfNoInput() {
        Ran ran = new Cli().stdin("").start("embed", "--stats", "--input", "-");

        assertThat(ran.err()).matches("mme5: 0 inputs, 0 tokens: 0 computed, 0 shared, 0 of them cached; 0\\.[0-9]{2} s, 0 tokens/s\n");
    }

    @Test
    void countsTheTokensThatAreLeftOfATruncatedText() {
        assertThat(Cli.run("embed", "--stats", "--max-tokens", "4", "a cat and a dog", "a cat and a mat").err())
                .matches("mme5: 2 inputs, 8 tokens: 4 computed, 4 shared, 0 of them cached" + TIME); // both are the same four tokens
    }

    /** From one chunk of inputs to the next; the first one has eight. */
    @Test
    void tellsWhatCameFromTheCache() {
        Ran cached = new Cli().stdin(sameBeginnings()).start("embed", "--stats", "--input", "-");
        Ran none = new Cli().stdin(sameBeginnings()).start("embed", "--stats", "--input", "-", "--prefix-cache", "0");

        assertThat(cached.err()).matches("mme5: [0-9,]+ inputs, [0-9,]+ tokens: [^\n]* [1-9][0-9,]* of them cached" + TIME);
        assertThat(none.err()).matches("mme5: [0-9,]+ inputs, [0-9,]+ tokens: [^\n]* 0 of them cached" + TIME);
        assertThat(none.out()).isEqualTo(cached.out());
    }

    private static String sameBeginnings() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 40; i++) lines.append("{\"text\":\"a cat and a dog and ").append(i).append("\"}\n");
        return lines.toString();
    }

    @Test
    void anEncoderSharesWholeTextsOnly() {
        Ran ran = new Cli().model(ENCODER).start("embed", "--stats", "--prefix-cache", "16", "a cat", "a cat and", "a cat");
        int[] tokens = ran.json().stream().mapToInt(line -> Integer.parseInt(line.get("tokens").toString())).toArray();

        assertThat(tokens).hasSize(3);
        assertThat(ran.err()).matches("mme5: 3 inputs, %d tokens: %d computed, %d shared, 0 of them cached".formatted(
                tokens[0] + tokens[1] + tokens[2], tokens[0] + tokens[1], tokens[2]) + TIME);
    }

    @Test
    void aRunThatGoesOnCountsItsOwnInputs() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\":\"a cat\"}\n");
        String[] command =
                {"embed", "--quiet", "--stats", "--resume", "--input", input.toString(), "--output", folder.resolve("o").toString()};
        assertThat(Cli.run(command).err()).startsWith("mme5: 1 input, 3 tokens: ");
        Files.writeString(input, "{\"text\":\"a cat\"}\n{\"text\":\"dog\"}\n{\"text\":\"a cat\"}\n");

        assertThat(Cli.run(command).err()).startsWith("mme5: 2 inputs, 7 tokens: ").hasLineCount(1);
        assertThat(Cli.run(command).err()).startsWith("mme5: 0 inputs, 0 tokens: ").hasLineCount(1);
    }

    @Test
    void aSearchCountsDocumentsAndQueries() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "a cat");
        Files.writeString(folder.resolve("b.txt"), "dog");

        Ran first = new Cli().folder(folder).start("search", "--in", ".", "--stats", "a cat");
        Ran again = new Cli().folder(folder).start("search", "--in", ".", "--stats", "--quiet", "dog");

        assertThat(first.err().lines()).hasSize(2);
        assertThat(first.err()).matches("(?s)mme5: 2 documents.*\nmme5: 3 inputs, 10 tokens: [^\n]+" + TIME);
        assertThat(again.err()).matches("mme5: 1 input, 4 tokens: 4 computed, 0 shared, 0 of them cached" + TIME);
    }

    @Test
    void anEvaluationCountsCandidatesAndQueries() throws IOException {
        Files.writeString(folder.resolve("d.jsonl"),
                "{\"candidate\":1,\"text\":\"a cat\"}\n{\"query\":1,\"text\":\"dog\",\"relevant\":[\"1\"]}\n");

        assertThat(new Cli().folder(folder).start("evaluate", "--data", "d.jsonl", "--stats", "--quiet").err())
                .matches("mme5: 2 inputs, 7 tokens: [^\n]+" + TIME);
        assertThat(new Cli().folder(folder).start("evaluate", "--data", "d.jsonl", "--stats", "--quiet").err())
                .matches("mme5: 0 inputs, 0 tokens: [^\n]+" + TIME);
    }

    @ParameterizedTest
    @CsvSource({"embed, x", "search --in ., x", "verify, --quiet"})
    void aCacheThatTheHeapCannotHoldIsRefused(String command, String last) throws IOException {
        Files.writeString(folder.resolve("goldens.jsonl"), "");
        Files.writeString(folder.resolve("a.txt"), "a cat");
        long heap = Runtime.getRuntime().maxMemory() >> 20;
        String[] line = (command + " --prefix-cache " + (heap + 1) + " " + last).split(" ");

        Ran ran = new Cli().folder(folder).model(command.equals("verify") ? folder : Cli.MODEL).start(line);

        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("mme5: --prefix-cache is %d, the JVM has %d MB of heap (raise it with -Xmx) (see mme5 %s --help)%n"
                .formatted(heap + 1, heap, command.split(" ")[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"embed", "search", "evaluate", "trace", "serve", "verify"})
    void everyCommandThatOpensAModelHasThePrefixCache(String command) {
        String help = Cli.run(command, "--help").out();

        assertThat(help).contains("--prefix-cache=MB");
        assertThat(help.contains("--stats")).isEqualTo(List.of("embed", "search", "evaluate").contains(command));
    }
}
