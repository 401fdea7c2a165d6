package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code embed --resume}: every state in which a run can end is continued to the same bytes, everything else is refused. */
class ResumeTest {
    @TempDir
    Path folder;

    private Path input;
    private Path output;
    private Path journal;

    /** Three chunks, of 8, at most 16 and the rest; some inputs fail, a line is blank, one id has a line feed. */
    @BeforeEach
    void writeInput() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 30; i++) {
            lines.append(switch (i % 10) {
                case 3 -> "oops";
                case 5 -> "{\"id\":\"two\\nlines, %d\",\"text\":\"a cat\"}".formatted(i);
                case 7 -> "";
                case 8 -> "{\"images\":[\"none.png\"]}";
                default -> "{\"text\":\"number %d\"}".formatted(i);
            }).append('\n');
        }
        input = Files.writeString(folder.resolve("in.jsonl"), lines);
        output = folder.resolve("out");
        journal = folder.resolve("out.resume");
    }

    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void theResultIsThatOfAnOrdinaryRun(EmbedCommand.Format format) throws IOException {
        byte[] expected = ordinary(format);

        Ran ran = resume(format);

        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).endsWith("6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(output)).isEqualTo(expected);
    }

    /**
     * A run ends after any byte that it wrote: to the output when the journal has as many marks as it then had, or to the
     * journal when the output has all that the next mark tells.
     */
    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void aRunThatEndedAtAnyByteIsContinued(EmbedCommand.Format format) throws IOException {
        byte[] expected = ordinary(format);
        resume(format);
        byte[] written = Files.readAllBytes(output);
        byte[] marks = Files.readAllBytes(journal);
        int settings = end(marks, 1);
        List<Integer> ends = List.of(settings, end(marks, 2), end(marks, 3), end(marks, 4));
        List<Long> sizes = List.of(0L, outputBytes(marks, 2), outputBytes(marks, 3), outputBytes(marks, 4));
        assertThat(sizes.getLast()).isEqualTo(written.length);

        for (int i = 0; i < 3; i++) {
            for (long size : List.of(sizes.get(i), sizes.get(i) + 1, (sizes.get(i) + sizes.get(i + 1)) / 2, sizes.get(i + 1) - 1)) {
                assertContinues(format, written, (int) size, marks, ends.get(i), expected);
            }
            int whole = sizes.get(i + 1).intValue();
            for (int size : List.of(ends.get(i), ends.get(i) + 1, (ends.get(i) + ends.get(i + 1)) / 2, ends.get(i + 1) - 1)) {
                assertContinues(format, written, whole, marks, size, expected);
            }
        }
        for (int size = 0; size < settings; size += 7) assertContinues(format, written, 0, marks, size, expected);
    }

    /** Whoever removes the output wants all of it again, with other options perhaps. */
    @Test
    void anOutputThatIsEmptyOrGoneIsBegunAnew() throws IOException {
        byte[] expected = ordinary(EmbedCommand.Format.jsonl);
        resume(EmbedCommand.Format.jsonl);
        byte[] marks = Files.readAllBytes(journal);
        assertContinues(EmbedCommand.Format.jsonl, expected, 0, marks, marks.length, expected);
        assertThat(journal).hasSameBinaryContentAs(Files.write(folder.resolve("marks"), marks));

        Files.delete(output);
        assertThat(resume(EmbedCommand.Format.csv).err()).endsWith("6 of 27 inputs failed\n").doesNotContain("going on");
        assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(EmbedCommand.Format.csv));
    }

    /** The run before ended after it had counted the rows of a chunk, and before the chunk's mark; this one ends at once. */
    @Test
    void anUnfinishedNpyCountsTheRowsThatItHas() throws IOException {
        resume(EmbedCommand.Format.npy);
        byte[] marks = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(marks, end(marks, 2)));
        long firstLines = number(marks, 2, "lines");
        String lines = Files.readString(input).lines().limit(firstLines).reduce("", (all, line) -> all + line + "\n");
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        InputStream in = new SequenceInputStream(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), broken);

        Ran ran = new Cli().folder(folder).stdin(in)
                .start("embed", "--resume", "--input", "-", "--output", "out", "--format", "npy");

        assertThat(ran.err()).contains("out has the results of 8 inputs, going on\n", "Stream closed");
        assertThat(output).hasSize(outputBytes(marks, 2));
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).contains("'shape': (8, 64)");
    }

    private void assertContinues(
            EmbedCommand.Format format, byte[] written, int outputBytes, byte[] marks, int journalBytes, byte[] expected)
            throws IOException {
        Files.write(output, Arrays.copyOf(written, outputBytes));
        Files.write(journal, Arrays.copyOf(marks, journalBytes));

        Ran ran = resume(format);

        String where = format + ", " + outputBytes + " bytes, journal " + journalBytes;
        assertThat(ran.status()).as(where + ": " + ran.err()).isEqualTo(1);
        assertThat(ran.err()).as(where).endsWith("6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(output)).as(where).isEqualTo(expected);
    }

    @Test
    void aRunThatIsDoneIsLeftAsItIs() throws IOException {
        resume(EmbedCommand.Format.jsonl);
        byte[] marks = Files.readAllBytes(journal);
        byte[] written = Files.readAllBytes(output);

        Ran again = resume(EmbedCommand.Format.jsonl);

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).isEqualTo("mme5: out has the results of 27 inputs, going on\nmme5: 6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(journal)).isEqualTo(marks);
        assertThat(Files.readAllBytes(output)).isEqualTo(written);
        assertThat(start("embed", "--quiet", "--resume", "--input", "in.jsonl", "--output", "out").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", ""})
    void linesThatCameLaterAreAdded(String lastLineFeed) throws IOException {
        Files.writeString(input, "{\"text\":\"a\"}\n{\"text\":\"b\"}" + lastLineFeed);
        resume(EmbedCommand.Format.npy);
        String firstRows = Files.readString(output, StandardCharsets.ISO_8859_1).substring(NpyWriter.HEADER_BYTES);
        Files.writeString(input, "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}");

        Ran ran = resume(EmbedCommand.Format.npy);

        assertThat(ran.status()).isZero();
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).contains("'shape': (3, 64)", firstRows);
        assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(EmbedCommand.Format.npy));
    }

    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void noLinesAreAnOutputWithoutResults(EmbedCommand.Format format) throws IOException {
        Files.writeString(input, "");

        assertThat(resume(format).status()).isZero();
        assertThat(resume(format).status()).isZero();

        assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(format));
    }

    @Test
    void smallerVectorsAreResumedWithTheSameCalibrationOnly() throws IOException {
        String int8 = "embed --quiet --input in.jsonl --precision int8 --calibration least.jsonl --format npy --output ";
        Files.writeString(folder.resolve("least.jsonl"), row(-0.5f) + row(0.5f));
        start((int8 + "expected").split(" "));

        assertThat(start((int8 + "out --resume").split(" ")).status()).isEqualTo(1);
        byte[] marks = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(marks, end(marks, 2)));
        assertThat(start((int8 + "out --resume").split(" ")).status()).isEqualTo(1);

        assertThat(Files.readAllBytes(output)).isEqualTo(Files.readAllBytes(folder.resolve("expected")));
        Files.writeString(folder.resolve("least.jsonl"), row(-0.5f) + row(0.6f));
        assertThat(start((int8 + "out --resume").split(" ")).err())
                .matches("mme5: .*: was begun with a --calibration with SHA-256 [0-9a-f]{64}, this run has [0-9a-f]{64}\n");
    }

    /** The file is longer than the other machine's heap. */
    @Test
    void aCalibrationOfAnySizeIsCompared() throws Exception {
        start("embed", "--input", "in.jsonl", "--output", "rows.npy", "--format", "npy");
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("rows.npy").toFile(), "rw")) {
            file.setLength(600L << 20);
        }

        Process process = CliJvm.start(folder, "embed", "--resume", "--input", "in.jsonl", "--output", "out", "--precision", "int8",
                "--calibration", "rows.npy");

        assertThat(process.waitFor()).as(Files.readString(folder.resolve("messages"))).isEqualTo(1);
        assertThat(output).content().hasLineCount(27);
    }

    private static String row(float value) {
        return "{\"id\":1,\"tokens\":1,\"truncated\":false,\"embedding\":[" + value + ("," + value).repeat(63) + "]}\n";
    }

    @Test
    void stdinIsReadAgainFromItsStart() throws IOException {
        String lines = Files.readString(input);
        String half = lines.substring(0, lines.indexOf("number 14"));
        String firstHalf = half.substring(0, half.lastIndexOf('\n') + 1);

        new Cli().folder(folder).stdin(firstHalf).start("embed", "--resume", "--input", "-", "--output", "out");
        new Cli().folder(folder).stdin(lines).start("embed", "--resume", "--input", "-", "--output", "out");

        assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(EmbedCommand.Format.jsonl));
    }

    @Test
    void aLinkToAFileThatIsNotThereYetIsResumedBesideTheFile() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("real/second"));
        Files.createSymbolicLink(real.resolve("second"), Path.of("file"));

        assertThat(start("embed", "--resume", "--input", "in.jsonl", "--output", "link").status()).isEqualTo(1);
        Ran again = start("embed", "--resume", "--input", "in.jsonl", "--output", "link");

        assertThat(again.err()).startsWith("mme5: link has the results of 27 inputs, going on\n");
        assertThat(again.status()).isEqualTo(1);
        assertThat(real.toFile().list()).containsExactlyInAnyOrder("file", "file.resume", "second");
        assertThat(Files.readAllBytes(real.resolve("file"))).isEqualTo(ordinary(EmbedCommand.Format.jsonl));
    }

    // --- refusals; each leaves the output as it was ---

    @Test
    void refusesAnOutputThatItDidNotBegin() throws IOException {
        Files.writeString(output, "mine");

        assertRefused(output + ": holds something, and there is no out.resume beside it: it was not begun with --resume");
        Files.writeString(journal, "{\"resume\":1,\"--for");
        assertRefused(output + ": holds something that was not begun with --resume");
    }

    @Test
    void refusesAnOutputThatWasChanged() throws IOException {
        resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, Files.readString(output).replaceFirst("\"tokens\":.", "\"tokens\":9"));

        assertRefused("%s: its first %d bytes are not those that were written".formatted(output, Files.size(output)));
    }

    @Test
    void refusesAnOutputThatIsShorterThanItsLastMark() throws IOException {
        resume(EmbedCommand.Format.jsonl);
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
        resume(format);
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
            Ran ran = resume(format);
            assertThat(ran.status()).isEqualTo(2);
            assertThat(ran.err()).endsWith("mme5: " + output + ": was begun, but what it has at byte " + file.getValue()
                    + " is not what this run computes; remove it to begin anew\n");
            assertThat(output).hasBinaryContent(file.getKey());
        }
        Files.delete(output);
        assertThat(resume(format).status()).isEqualTo(1);
        assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(format));
    }

    /** The chunks of the run before may have been larger: how many inputs are at hand at a time depends on who feeds them. */
    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void takesUpAnOutputThatIsLongerThanItsFirstChunkAndHasNoMark(EmbedCommand.Format format) throws IOException {
        resume(format);
        byte[] written = Files.readAllBytes(output);
        byte[] marks = Files.readAllBytes(journal);

        for (int size : new int[] {(int) outputBytes(marks, 2) + 1, (int) outputBytes(marks, 3), written.length}) {
            Files.write(output, Arrays.copyOf(written, size));
            Files.write(journal, Arrays.copyOf(marks, end(marks, 1)));
            assertThat(resume(format).status()).isEqualTo(1);
            assertThat(Files.readAllBytes(output)).isEqualTo(ordinary(format));
        }
    }

    @Test
    void refusesAFileInPlaceOfAnOutputOfNoLines() throws IOException {
        Files.writeString(input, "");
        resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, "mine");

        assertRefused(output + ": was begun, but what it has at byte 1 is not what this run computes; remove it to begin anew");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void refusesAStdinThatItWouldWriteOver() throws Exception {
        resume(EmbedCommand.Format.jsonl);

        assertThat(redirected(journal)).isEqualTo("mme5: stdin: is the journal of out, and cannot be its input\n");
        assertThat(redirected(output)).isEqualTo("mme5: stdin: is --output too, --resume needs another file\n");
        assertThat(redirected(input)).isEqualTo("mme5: out has the results of 27 inputs, going on\nmme5: 6 of 27 inputs failed\n");
    }

    /** What a run says whose stdin is a file. */
    private String redirected(Path file) throws Exception {
        byte[] before = Files.readAllBytes(file);
        ProcessBuilder command = new ProcessBuilder(CliJvm.command(List.of("embed", "--resume", "--input", "-", "--output", "out")));
        Process process = command.directory(folder.toFile()).redirectInput(file.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(file).hasBinaryContent(before);
        return said.lines().filter(line -> !line.startsWith("WARNING: ")).reduce("", (all, line) -> all + line + "\n");
    }

    @Test
    void refusesAnInputThatItWouldWriteOver() throws IOException {
        Path foreign = Files.writeString(folder.resolve("x.resume"), "{\"text\":\"only line\"}");
        Files.createSymbolicLink(folder.resolve("link"), foreign);
        Files.createLink(folder.resolve("hard"), input);

        assertRefused("x.resume: is the journal of x, and cannot be its input", "--input", "x.resume", "--output", "x");
        assertRefused("link: is the journal of x, and cannot be its input", "--input", "link", "--output", "x");
        assertRefused("hard: is --output too, --resume needs another file", "--input", "hard", "--output", "in.jsonl");
        assertRefused(foreign + ": holds something that is no journal of --resume", "--input", "in.jsonl", "--output", "x");
        assertThat(foreign).hasContent("{\"text\":\"only line\"}");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void refusesOtherInputs() throws IOException {
        resume(EmbedCommand.Format.jsonl);
        Files.writeString(output, "half a li", StandardOpenOption.APPEND);
        String lines = Files.readString(input);

        Files.writeString(input, lines.replace("number 4", "number four"));
        assertRefused("in.jsonl: its first 30 lines are not those whose results are in " + output);
        Files.writeString(input, lines.substring(0, lines.indexOf('\n')));
        assertRefused("in.jsonl: ends before line 30, whose result is in " + output);
    }

    @Test
    void refusesOptionsThatGiveOtherResults() throws IOException {
        resume(EmbedCommand.Format.jsonl);

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
        resume(EmbedCommand.Format.jsonl);
        byte[] before = Files.readAllBytes(output);

        Ran ran = start("embed", "--resume", "--input", "in.jsonl", "--output", "out", "--model",
                Cli.GOLDEN.resolve("models/e-bf16-defaults").toString());

        assertThat(ran.err()).matches("mme5: .*: was begun with a model whose fingerprint is [0-9a-f]{64}, this run has [0-9a-f]{64}\n");
        assertThat(Files.readAllBytes(output)).isEqualTo(before);
    }

    @Test
    void refusesAJournalOfAnotherKind() throws IOException {
        Files.writeString(journal, "{\"resume\":2}\n");
        assertRefused(journal + ": line 1: resume: expected 1, found 2");
        Files.writeString(journal, "no journal\n");
        assertRefused(journal + ": holds something that is no journal of --resume");
        String mark = "{\"inputs\":1,\"failures\":0,\"lines\":1,\"input_sha256\":\"\",\"output_bytes\":-1,\"output_sha256\":\"\"}\n";
        Files.writeString(journal, "{\"resume\":1}\n" + mark);
        assertRefused(journal + ": line 2: output_bytes: expected at least 0, found -1");
        Files.writeString(journal, "{\"resume\":oops}\n");
        assertRefused(journal + ": line 1: byte 10: expected a value, found 'o'");
    }

    @Test
    void refusesWhileAnotherRunIsAtWork() throws IOException {
        resume(EmbedCommand.Format.jsonl);
        try (FileChannel other = FileChannel.open(journal, StandardOpenOption.WRITE); FileLock lock = other.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertRefused(journal + ": another run is at work with it");
        }
        assertThat(resume(EmbedCommand.Format.jsonl).status()).isEqualTo(1);
    }

    private void assertRefused(String message, String... options) throws IOException {
        byte[] before = Files.exists(output) ? Files.readAllBytes(output) : null;
        List<String> command = new ArrayList<>(List.of("embed", "--resume"));
        command.addAll(List.of(options));
        if (!command.contains("--input")) command.addAll(List.of("--input", "in.jsonl", "--output", "out"));

        Ran ran = start(command.toArray(String[]::new));

        assertThat(ran.err()).isEqualTo("mme5: " + message + "\n");
        assertThat(ran.status()).isEqualTo(2);
        if (before != null) assertThat(Files.readAllBytes(output)).isEqualTo(before);
    }

    private Ran resume(EmbedCommand.Format format) {
        return start("embed", "--resume", "--input", "in.jsonl", "--output", "out", "--format", format.name());
    }

    private byte[] ordinary(EmbedCommand.Format format) throws IOException {
        start("embed", "--input", "in.jsonl", "--output", "ordinary", "--format", format.name());
        return Files.readAllBytes(folder.resolve("ordinary"));
    }

    private Ran start(String... arguments) {
        return new Cli().folder(folder).start(arguments);
    }

    /** Byte after a line of the journal, counted from 1. */
    private static int end(byte[] journal, int line) {
        int at = 0;
        for (int lines = 0; lines < line; at++) {
            if (journal[at] == '\n') lines++;
        }
        return at;
    }

    private static long outputBytes(byte[] journal, int line) {
        return number(journal, line, "output_bytes");
    }

    private static long number(byte[] journal, int line, String name) {
        String text = new String(journal, StandardCharsets.UTF_8).lines().skip(line - 1).findFirst().orElseThrow();
        return Long.parseLong(text.replaceFirst(".*\"" + name + "\":", "").replaceFirst(",.*", ""));
    }
}
