package dev.mme5.cli;

import static dev.mme5.cli.ResumeFolder.end;
import static dev.mme5.cli.ResumeFolder.number;
import static dev.mme5.cli.ResumeFolder.outputBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli.Ran;
import dev.mme5.cli.command.EmbedCommand;
import dev.mme5.cli.output.NpyWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code embed --resume}: every state in which a run can end is continued to the same bytes. */
class ResumeTest {
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

    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void theResultIsThatOfAnOrdinaryRun(EmbedCommand.Format format) throws IOException {
        byte[] expected = files.ordinary(format);

        Ran ran = files.resume(format);

        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).endsWith("6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(output)).isEqualTo(expected);
    }

    /**
     * A run ends after any byte that it wrote: either to the output, with the resume points that the journal had then, or to the
     * journal, with all output that the next resume point covers.
     */
    @Test
    void aRunThatEndedAtAnyByteIsContinued() throws IOException {
        assertContinuesAtAnyByte(EmbedCommand.Format.jsonl);
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource(value = EmbedCommand.Format.class, names = "jsonl", mode = EnumSource.Mode.EXCLUDE)
    void aRunThatEndedAtAnyByteIsContinuedInEveryFormat(EmbedCommand.Format format) throws IOException {
        assertContinuesAtAnyByte(format);
    }

    private void assertContinuesAtAnyByte(EmbedCommand.Format format) throws IOException {
        byte[] expected = files.ordinary(format);
        files.resume(format);
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

    /** After removing the output, a user wants all of it again, perhaps with other options. */
    @Test
    void emptyOrMissingOutputIsWrittenFromTheStart() throws IOException {
        byte[] expected = files.ordinary(EmbedCommand.Format.jsonl);
        files.resume(EmbedCommand.Format.jsonl);
        byte[] marks = Files.readAllBytes(journal);
        assertContinues(EmbedCommand.Format.jsonl, expected, 0, marks, marks.length, expected);
        assertThat(journal).hasSameBinaryContentAs(Files.write(folder.resolve("marks"), marks));

        Files.delete(output);
        assertThat(files.resume(EmbedCommand.Format.csv).err()).endsWith("6 of 27 inputs failed\n").doesNotContain("going on");
        assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(EmbedCommand.Format.csv));
    }

    /** The run before ended after it had counted the rows of a chunk, and before the chunk's mark; this one ends at once. */
    @Test
    void anUnfinishedNpyCountsTheRowsThatItHas() throws IOException {
        files.resume(EmbedCommand.Format.npy);
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

        Ran ran = files.resume(format);

        String where = format + ", " + outputBytes + " bytes, journal " + journalBytes;
        assertThat(ran.status()).as(where + ": " + ran.err()).isEqualTo(1);
        assertThat(ran.err()).as(where).endsWith("6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(output)).as(where).isEqualTo(expected);
    }

    @Test
    void aRunThatIsDoneIsLeftAsItIs() throws IOException {
        files.resume(EmbedCommand.Format.jsonl);
        byte[] marks = Files.readAllBytes(journal);
        byte[] written = Files.readAllBytes(output);

        Ran again = files.resume(EmbedCommand.Format.jsonl);

        assertThat(again.status()).as(again.err()).isEqualTo(1);
        assertThat(again.err()).isEqualTo("mme5: out has the results of 27 inputs, going on\nmme5: 6 of 27 inputs failed\n");
        assertThat(Files.readAllBytes(journal)).isEqualTo(marks);
        assertThat(Files.readAllBytes(output)).isEqualTo(written);
        assertThat(files.start("embed", "--quiet", "--resume", "--input", "in.jsonl", "--output", "out").err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", ""})
    void linesThatCameLaterAreAdded(String lastLineFeed) throws IOException {
        Files.writeString(input, "{\"text\":\"a\"}\n{\"text\":\"b\"}" + lastLineFeed);
        files.resume(EmbedCommand.Format.npy);
        String firstRows = Files.readString(output, StandardCharsets.ISO_8859_1).substring(NpyWriter.HEADER_BYTES);
        Files.writeString(input, "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}");

        Ran ran = files.resume(EmbedCommand.Format.npy);

        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1)).contains("'shape': (3, 64)", firstRows);
        assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(EmbedCommand.Format.npy));
    }

    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void noLinesAreAnOutputWithoutResults(EmbedCommand.Format format) throws IOException {
        Files.writeString(input, "");

        assertThat(files.resume(format).status()).isZero();
        assertThat(files.resume(format).status()).isZero();

        assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(format));
    }

    @Test
    void smallerVectorsAreResumedWithTheSameCalibrationOnly() throws IOException {
        String int8 = "embed --quiet --input in.jsonl --precision int8 --calibration least.jsonl --format npy --output ";
        Files.writeString(folder.resolve("least.jsonl"), row(-0.5f) + row(0.5f));
        files.start((int8 + "expected").split(" "));

        assertThat(files.start((int8 + "out --resume").split(" ")).status()).isEqualTo(1);
        byte[] marks = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(marks, end(marks, 2)));
        assertThat(files.start((int8 + "out --resume").split(" ")).status()).isEqualTo(1);

        assertThat(Files.readAllBytes(output)).isEqualTo(Files.readAllBytes(folder.resolve("expected")));
        Files.writeString(folder.resolve("least.jsonl"), row(-0.5f) + row(0.6f));
        assertThat(files.start((int8 + "out --resume").split(" ")).err())
                .matches("mme5: .*: was begun with a --calibration with SHA-256 [0-9a-f]{64}, this run has [0-9a-f]{64}\n");
    }

    /** The file is longer than the other machine's heap. */
    @Test
    void aCalibrationOfAnySizeIsCompared() throws Exception {
        files.start("embed", "--input", "in.jsonl", "--output", "rows.npy", "--format", "npy");
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

        assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(EmbedCommand.Format.jsonl));
    }

    @Test
    void aLinkToAFileThatIsNotThereYetIsResumedBesideTheFile() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("real/second"));
        Files.createSymbolicLink(real.resolve("second"), Path.of("file"));

        assertThat(files.start("embed", "--resume", "--input", "in.jsonl", "--output", "link").status()).isEqualTo(1);
        Ran again = files.start("embed", "--resume", "--input", "in.jsonl", "--output", "link");

        assertThat(again.err()).startsWith("mme5: link has the results of 27 inputs, going on\n");
        assertThat(again.status()).as(again.err()).isEqualTo(1);
        assertThat(real.toFile().list()).containsExactlyInAnyOrder("file", "file.resume", "second");
        assertThat(Files.readAllBytes(real.resolve("file"))).isEqualTo(files.ordinary(EmbedCommand.Format.jsonl));
    }

    /** The chunks of the run before may have been larger: how many inputs are at hand at a time depends on who feeds them. */
    @ParameterizedTest
    @EnumSource(EmbedCommand.Format.class)
    void takesUpAnOutputThatIsLongerThanItsFirstChunkAndHasNoMark(EmbedCommand.Format format) throws IOException {
        files.resume(format);
        byte[] written = Files.readAllBytes(output);
        byte[] marks = Files.readAllBytes(journal);

        for (int size : new int[] {(int) outputBytes(marks, 2) + 1, (int) outputBytes(marks, 3), written.length}) {
            Files.write(output, Arrays.copyOf(written, size));
            Files.write(journal, Arrays.copyOf(marks, end(marks, 1)));
            assertThat(files.resume(format).status()).isEqualTo(1);
            assertThat(Files.readAllBytes(output)).isEqualTo(files.ordinary(format));
        }
    }
}
