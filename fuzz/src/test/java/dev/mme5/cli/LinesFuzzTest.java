package dev.mme5.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.UsageException;
import dev.mme5.cli.evaluation.Evaluation;
import dev.mme5.cli.evaluation.EvaluationReader;
import dev.mme5.cli.input.CalibrationFile;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecordParser;
import dev.mme5.cli.input.LineReader;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of inputs and of evaluations, whatever bytes they are. */
class LinesFuzzTest {
    private static final Scratch SCRATCH = new Scratch();
    private static final int MAX_LINE_BYTES = 1000;

    static Stream<byte[]> inputs() {
        return Stream.of(
                "{\"id\":\"a\",\"text\":\"cat\",\"images\":[\"a.png\",\"b/c.jpg\"],\"max_tokens\":3}\n\n"
                        + "{\"prompt\":\"<|image|>x\",\"images\":[\"a\"]}",
                "\uFEFF{\"images\":[\"a\"]}\r\n{\"id\":7,\"text\":\"\\u00e9\"}\n{\"Text\":1}\nx\n").map(text -> text.getBytes(UTF_8));
    }

    /** Every line that is not blank is a record or a failed one, under a number or its own id. */
    @MethodSource("inputs")
    @FuzzTest
    void inputLines(byte[] lines) {
        List<InputRecord> records = Bounds.within(600_000 + 700L * lines.length, () -> records(lines));

        for (InputRecord record : records) {
            assertThat(record.failed()).isEqualTo(record.input() == null);
            assertThat(record.id()).isNotNull();
            if (record.failed()) assertThat(record.error()).startsWith("line ").doesNotContain("\n");
        }
    }

    private static List<InputRecord> records(byte[] lines) {
        List<InputRecord> records = new ArrayList<>();
        InputRecordParser parser = new InputRecordParser(Path.of("folder"));
        try (LineReader reader = new LineReader(new ByteArrayInputStream(lines), MAX_LINE_BYTES)) {
            for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
                records.add(parser.parse(line.number(), line.bytes(), MAX_LINE_BYTES));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    static Stream<byte[]> evaluations() {
        return Stream.of(
                "{\"candidate\":\"c\",\"text\":\"a\"}\n{\"candidate\":2,\"images\":[\"b\"],\"pool\":\"p\"}\n"
                        + "{\"query\":\"q\",\"text\":\"x\",\"relevant\":[\"c\"],\"group\":\"de\"}\n",
                "{\"candidate\":\"c\",\"text\":\"a\"}\n{\"candidate\":\"d\",\"text\":\"b\"}\n"
                        + "{\"query\":1,\"text\":\"x\",\"relevant\":{\"d\":2},\"candidates\":[\"c\",\"d\"]}\n")
                .map(text -> text.getBytes(UTF_8));
    }

    /** An evaluation is refused with its line, or all that its questions name is among its candidates. */
    @MethodSource("evaluations")
    @FuzzTest
    void evaluationFile(byte[] lines) throws IOException {
        Path file = SCRATCH.put("evaluation.jsonl", lines);
        CommandContext context = new CommandContext(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream()), SCRATCH.folder(), "model", () -> null, false, 0,
                false);
        try {
            Evaluation evaluation = EvaluationReader.read(file, UnaryOperator.identity(), context);
            assertThat(evaluation.candidates()).isNotEmpty();
            assertThat(evaluation.queries()).isNotEmpty();
        } catch (UsageException | ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(file.toString()).doesNotContain("\n");
        }
    }

    static Stream<byte[]> calibrations() {
        byte[] header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n".getBytes(UTF_8);
        byte[] npy = ByteBuffer.allocate(10 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length).put(header).putFloat(-1).putFloat(0).putFloat(1).putFloat(0.5f).array();
        return Stream.of(npy, "{\"id\":1,\"embedding\":[0.5,-1e-3]}\n{\"id\":2,\"error\":\"x\"}\n".getBytes(UTF_8));
    }

    /** Ranges are refused with their file, or there is one for each dimension. */
    @MethodSource("calibrations")
    @FuzzTest
    void calibration(byte[] content) throws IOException {
        Path file = SCRATCH.put("calibration", content);
        try {
            assertThat(CalibrationFile.read(file.toString(), file, 2).dimensions()).isEqualTo(2);
        } catch (UsageException | ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(file.toString()).doesNotContain("\n");
        }
    }
}
