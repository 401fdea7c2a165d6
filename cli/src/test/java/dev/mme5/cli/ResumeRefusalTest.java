package dev.mme5.cli;

import static dev.mme5.cli.ResumeFolder.end;
import static dev.mme5.cli.ResumeFolder.outputBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.command.EmbedCommand;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code embed --resume} does not go on with; each refusal leaves the output as it was. */
class ResumeRefusalTest {
    @TempDir
    Path folder;

    private ResumeFolder files;
    private Path input;
    private Path output;
    private Path journal;

    @BeforeEach
    void writeInput() throws IOException {
        files = ResumeFolder.create(folder);
        input = files.input();
        output = files.output();
        journal = files.journal();
    }

    @Test
    void refusesAnOutputThatItDidNotBegin() throws IOException {
        Files.writeString(output, "mine");

        assertRefused(output + ": is not empty, and there is no out.resume next to it: it was not begun with --resume");
        Files.writeString(journal, "{\"resume\":1,\"--for");
        assertRefused(output + ": is not empty and was not begun with --resume");
    }

    @Test
    void refusesAnOutputThatWasChanged() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, Files.readString(output).replaceFirst("\"tokens\":.", "\"tokens\":9"));

        assertRefused("%s: its first %d bytes have been changed".formatted(output, Files.size(output)));
    }

    @Test
    void refusesToLeaveOutAnOptionThatChangesResults() throws IOException {
        files.start("embed", "--resume", "--input", "in.jsonl", "--output", "out", "--format", "jsonl", "--no-special");

        assertRefused(output + ": was begun with --no-special true, this run has none");
    }

    @Test
    void refusesToAddAnOptionThatChangesResults() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);

        assertRefused(output + ": was begun with --no-special none, this run has true", "--no-special");
    }

    @Test
    void refusesAnOutputThatIsShorterThanItsLastMark() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        byte[] written = Files.readAllBytes(output);
        byte[] marks = Files.readAllBytes(journal);
        String changed = output + ": was changed: it has %d bytes, and " + written.length + " were written";

        for (int size : List.of(1, (int) outputBytes(marks, 2), (int) outputBytes(marks, 3) - 1, written.length - 1)) {
            Files.write(output, Arrays.copyOf(written, size));
            assertRefused(changed.formatted(size));
        }
        Files.writeString(output, "precious\n");
        assertRefused(changed.formatted(9));
        assertThat(Files.readAllBytes(journal)).isEqualTo(marks);
    }

    /** The run before ended in its first chunk; what is there now was not written by it. */
    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void refusesAFileInPlaceOfAnOutputWhoseFirstChunkNeverEnded(EmbedCommand.Format format) throws IOException {
        files.resume(format);
        byte[] written = Files.readAllBytes(output);
        byte[] marks = Files.readAllBytes(journal);
        int firstChunk = (int) outputBytes(marks, 2);
        byte[] longer = Arrays.copyOf(written, firstChunk + 1);
        longer[firstChunk]++;
        byte[] otherEnd = Arrays.copyOf(written, firstChunk);
        otherEnd[firstChunk - 1]++;
        Map<byte[], Integer> foreign = Map.of("mine".getBytes(StandardCharsets.US_ASCII), 1, longer, firstChunk + 1, otherEnd, firstChunk);

        for (Map.Entry<byte[], Integer> file : foreign.entrySet()) {
            Files.write(output, file.getKey());
            Files.write(journal, Arrays.copyOf(marks, end(marks, 1)));
            Ran ran = files.resume(format);
            assertThat(ran.status()).as(ran.err()).isEqualTo(2);
            assertThat(ran.err()).endsWith("mme5: " + output + ": differs from this run's output at byte " + file.getValue()
                    + "; remove it to start again\n");
            assertThat(output).hasBinaryContent(file.getKey());
        }
        Files.delete(output);
        assertThat(files.resume(format).status()).isEqualTo(1);
        assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(format));
    }

    @Test
    void refusesAFileInPlaceOfAnOutputOfNoLines() throws IOException {
        Files.writeString(input, "");
        files.resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, "mine");

        assertRefused(output + ": differs from this run's output at byte 1; remove it to start again");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refusesAStdinThatItWouldWriteOver() throws Exception {
        files.resume(EmbedCommand.Format.jsonl);

        assertThat(redirected(journal)).isEqualTo("mme5: stdin: is the journal of out, it cannot be the input\n");
        assertThat(redirected(output)).isEqualTo("mme5: stdin: is --output too, --resume needs another file\n");
        assertThat(redirected(input)).isEqualTo("mme5: out has the results of 27 inputs, going on\nmme5: 6 of 27 inputs failed\n");
    }

    /** What a run says whose stdin is a file. */
    private String redirected(Path file) throws Exception {
        byte[] before = Files.readAllBytes(file);
        ProcessBuilder command = new ProcessBuilder(CliJvm.command(List.of("embed", "--resume", "--input", "-", "--output", "out")));
        Process process = command.directory(folder.toFile()).redirectInput(file.toFile()).redirectErrorStream(true).start();
        String said = CliJvm.output(process);
        process.waitFor();
        assertThat(file).hasBinaryContent(before);
        return said.lines().filter(line -> !line.startsWith("WARNING: ")).reduce("", (all, line) -> all + line + "\n");
    }

    @Test
    void refusesAnInputThatItWouldWriteOver() throws IOException {
        Path foreign = Files.writeString(folder.resolve("x.resume"), "{\"text\":\"only line\"}");
        Files.createSymbolicLink(folder.resolve("link"), foreign);
        Files.createLink(folder.resolve("hard"), input);

        assertRefused("x.resume: is the journal of x, it cannot be the input", "--input", "x.resume", "--output", "x");
        assertRefused("link: is the journal of x, it cannot be the input", "--input", "link", "--output", "x");
        assertRefused("hard: is --output too, --resume needs another file", "--input", "hard", "--output", "in.jsonl");
        assertRefused(foreign + ": is not a journal of --resume", "--input", "in.jsonl", "--output", "x");
        assertThat(foreign).hasContent("{\"text\":\"only line\"}");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void refusesOtherInputs() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, "half a li", StandardOpenOption.APPEND);
        String lines = Files.readString(input);

        Files.writeString(input, lines.replace("number 4", "number four"));
        assertRefused("in.jsonl: its first 30 lines are not those with results in " + output);
        Files.writeString(input, lines.substring(0, lines.indexOf('\n')));
        assertRefused("in.jsonl: ends before line 30, which has a result in " + output);
    }

    @Test
    void refusesOptionsThatGiveOtherResults() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);

        assertRefused(output + ": was begun with --format jsonl, this run has csv", "--format", "csv");
        assertRefused(output + ": was begun with --precision float32, this run has binary", "--precision", "binary");
        assertRefused(output + ": was begun with --dimensions 64, this run has 32", "--dimensions", "32");
        assertRefused(output + ": was begun with --max-tokens 131072, this run has 7", "--max-tokens", "7");
        assertRefused(output + ": was begun with --refuse-long false, this run has true", "--refuse-long");
        assertRefused(output + ": was begun with --single-bos false, this run has true", "--single-bos");
        assertRefused(output + ": was begun with --exif false, this run has true", "--exif");
        assertRefused(output + ": was begun with --max-pixels 178956970, this run has 10", "--max-pixels", "10");
        assertRefused(output + ": was begun with kernels vector, this run has scalar", "--kernels", "scalar");
    }

    @Test
    void refusesAnotherModel() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        byte[] before = Files.readAllBytes(output);

        Ran ran = files.start("embed", "--resume", "--input", "in.jsonl", "--output", "out", "--model",
                Cli.GOLDEN.resolve("models/e-bf16-defaults").toString());

        assertThat(ran.err()).matches("mme5: .*: was begun with a model whose fingerprint is [0-9a-f]{64}, this run has [0-9a-f]{64}\n");
        assertThat(Files.readAllBytes(output)).isEqualTo(before);
    }

    @Test
    void refusesAJournalOfAnotherKind() throws IOException {
        Files.writeString(journal, "{\"resume\":2}\n");
        assertRefused(journal + ": line 1: resume: expected 1, found 2");
        Files.writeString(journal, "no journal\n");
        assertRefused(journal + ": is not a journal of --resume");
        String mark = "{\"inputs\":1,\"failures\":0,\"lines\":1,\"input_sha256\":\"\",\"output_bytes\":-1,\"output_sha256\":\"\"}\n";
        Files.writeString(journal, "{\"resume\":1}\n" + mark);
        assertRefused(journal + ": line 2: output_bytes: expected at least 0, found -1");
        Files.writeString(journal, "{\"resume\":oops}\n");
        assertRefused(journal + ": line 1: byte 10: expected a value, found 'o'");
    }

    @Test
    void refusesWhileAnotherRunIsAtWork() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        try (FileChannel other = FileChannel.open(journal, StandardOpenOption.WRITE); FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertRefused(journal + ": is in use by another run");
        }
        assertThat(files.resume(EmbedCommand.Format.jsonl).status()).isEqualTo(1);
    }

    private void assertRefused(String message, String... options) throws IOException {
        byte[] before = Files.exists(output) ? Files.readAllBytes(output) : null;
        List<String> command = new ArrayList<>(List.of("embed", "--resume"));
        command.addAll(List.of(options));
        if (!command.contains("--input")) command.addAll(List.of("--input", "in.jsonl", "--output", "out"));

        Ran ran = files.start(command.toArray(String[]::new));

        assertThat(ran.err()).isEqualTo("mme5: " + message + "\n");
        assertThat(ran.status()).as(ran.err()).isEqualTo(2);
        if (before != null) assertThat(Files.readAllBytes(output)).isEqualTo(before);
    }
}
