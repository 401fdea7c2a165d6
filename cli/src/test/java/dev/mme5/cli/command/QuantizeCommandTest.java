package dev.mme5.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizeCommandTest {
    @TempDir
    Path folder;

    private Ran quantize(String... args) {
        return new Cli().folder(folder).start(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int4"})
    void writesAFolderThatEveryCommandOpensAndReports(String scheme) {
        Ran ran = quantize("quantize", "--to", scheme, "--output", "q");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("vision tower", "error", "plain rounding", scheme.toUpperCase(java.util.Locale.ROOT))
                .contains("left out, as it is never read: language_model.lm_head.weight").containsPattern("q: .* kB, was 942.9 kB; ");
        assertThat(new Cli().model(folder.resolve("q")).start("inspect").out()).contains(scheme + ", format 2");
        assertThat(new Cli().model(folder.resolve("q")).start("embed", "a cat").lines()).hasSize(1);
    }

    @Test
    void calibratesOnAFileOfInputs() throws IOException {
        Files.writeString(folder.resolve("some.jsonl"), "{\"text\":\"a cat\"}\n\n{\"images\":[\"" + Cli.IMAGE + "\"]}\n");

        Ran ran = quantize("quantize", "--to", "int4", "--output", "q", "--calibrate", "some.jsonl");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.status()).as(ran.err()).isZero();
    }

    @Test
    void showsProgressOnATerminalOnly() {
        assertThat(new Cli().folder(folder).onTerminal().start("quantize", "--to", "int8", "--output", "a", "--quiet").err()).isEmpty();
    }

    @Test
    void refusalsAreOneLineAndNothingIsWritten() throws IOException {
        Files.createDirectory(folder.resolve("there"));
        Files.writeString(folder.resolve("bad.jsonl"), "{\"text\":1}\n");
        Files.writeString(folder.resolve("empty.jsonl"), "\n");
        Files.writeString(folder.resolve("image.jsonl"), "{\"images\":[\"none.png\"]}\n");

        assertRefused("there: exists already", "--to", "int8", "--output", "there");
        assertRefused("--to is int3, expected bf16, int8 or int4 (see mme5 quantize --help)", "--to", "int3", "--output", "q");
        assertRefused("has a name like *nothing*", "--to", "int8", "--output", "q", "--keep", "*nothing*");
        assertRefused("bad.jsonl: 1: ", "--to", "int8", "--output", "q", "--calibrate", "bad.jsonl");
        assertRefused("image.jsonl: ", "--to", "int8", "--output", "q", "--calibrate", "image.jsonl");
        assertRefused("empty.jsonl: holds no input", "--to", "int8", "--output", "q", "--calibrate", "empty.jsonl");
        assertRefused("--calibrate is for --to int8 and int4: bf16 rounds nothing", "--to", "bf16", "--output", "q", "--calibrate",
                "image.jsonl");
        assertRefused("none.jsonl: ", "--to", "int8", "--output", "q", "--calibrate", "none.jsonl");
        assertRefused("there: is a folder, expected a file of JSON lines", "--to", "int8", "--output", "q", "--calibrate", "there");
        assertRefused("none/q: its folder does not exist", "--to", "int8", "--output", "none/q");
        assertRefused("--output DIR is missing", "--to", "int8");
        assertThat(folder.resolve("q")).doesNotExist();
    }

    private void assertRefused(String message, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "quantize";
        System.arraycopy(args, 0, all, 1, args.length);

        Ran ran = quantize(all);

        assertThat(ran.status()).as(message).isEqualTo(2);
        assertThat(ran.err()).startsWith("mme5: ").contains(message).hasLineCount(1);
    }
}
