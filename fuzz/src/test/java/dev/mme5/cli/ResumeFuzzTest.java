package dev.mme5.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.resume.ResumableRun;
import dev.mme5.cli.resume.ResumeJournal;
import dev.mme5.fuzz.Fixtures;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A journal of {@code embed --resume} is refused with its path and no file changes, or the run continues after its last point. */
class ResumeFuzzTest {
    private static final Scratch SCRATCH = new Scratch();
    private static final CommandContext CONTEXT = new CommandContext(InputStream.nullInputStream(), OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream()), SCRATCH.folder(), "model", () -> null, false, 0, false);
    private static final Map<String, String> SETTINGS = Map.of("--format", "jsonl");
    private static final byte[] INPUT = "{\"text\":\"a\"}\n\n{\"text\":\"b\"}\nx\n".getBytes(UTF_8);
    private static final byte[] OUTPUT = "one\ntwo\nthr".getBytes(UTF_8);
    private static final String BEGIN = "{\"resume\":1,\"--format\":\"jsonl\"}\n";

    static Stream<byte[]> journals() {
        return Stream.of(BEGIN, BEGIN + point(1, 1, 4) + point(2, 3, 8), BEGIN + point(1, 2, 4) + point(1, 3, 8).substring(0, 30),
                BEGIN + point(0, 0, 0)).map(journal -> journal.getBytes(UTF_8));
    }

    private static String point(int inputs, int lines, int bytes) {
        int from = 0;
        for (int line = 0; line < lines; from++) {
            if (INPUT[from] == '\n') line++;
        }
        return "{\"inputs\":%d,\"failures\":0,\"lines\":%d,\"input_sha256\":\"%s\",\"output_bytes\":%d,\"output_sha256\":\"%s\"}%n"
                .formatted(inputs, lines, sum(INPUT, from), bytes, sum(OUTPUT, bytes));
    }

    private static String sum(byte[] bytes, int length) {
        Sha256 sum = new Sha256();
        sum.update(bytes, 0, length);
        return sum.hex();
    }

    @MethodSource("journals")
    @FuzzTest
    void resumeJournal(byte[] journal) throws IOException {
        Path output = SCRATCH.put("out", OUTPUT);
        Path beside = SCRATCH.put("out.resume", journal);
        SCRATCH.put("in.jsonl", INPUT);
        ResumeJournal.Point end;
        int kept;
        try (InputRecords records = InputRecords.open(List.of(), "in.jsonl", CONTEXT);
                ResumableRun run = ResumableRun.open(output, SETTINGS, 0)) {
            run.skipDone(records, "in.jsonl");
            kept = (int) run.start().outputBytes();
            assertThat(kept).isBetween(0, OUTPUT.length);
            assertThat(records.lines()).isEqualTo(run.start().lines());
            records.next(1);
            run.output().write("thirteen".getBytes(UTF_8));
            end = new ResumeJournal.Point(7, 0, records.lines(), records.linesSha256(), kept + 8, "");
            run.addPoint(records, 7, 0);
        } catch (UsageException | ModelFormatException refused) {
            assertThat(refused.getMessage()).contains(SCRATCH.folder() + "/out").doesNotContain("\n");
            assertThat(Fixtures.bytes(output)).isEqualTo(OUTPUT);
            assertThat(Fixtures.bytes(beside)).isEqualTo(journal);
            return;
        }
        byte[] expected = Arrays.copyOf(OUTPUT, kept + 8);
        System.arraycopy("thirteen".getBytes(UTF_8), 0, expected, kept, 8);
        assertThat(Fixtures.bytes(output)).isEqualTo(expected);
        try (ResumableRun again = ResumableRun.open(output, SETTINGS, 0)) {
            assertThat(again.start()).isEqualTo(
                    new ResumeJournal.Point(7, 0, end.lines(), end.inputSha256(), end.outputBytes(), sum(expected, expected.length)));
        }
    }
}
