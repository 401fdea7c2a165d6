package dev.mme5.cli.command;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.InputAdvice;
import dev.mme5.cli.input.InputRecord;
import dev.mme5.cli.input.InputRecords;
import dev.mme5.cli.output.ResultWriter;
import dev.mme5.cli.terminal.ProgressLine;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.ModelStatistics;
import dev.mme5.engine.ProgressListener;
import dev.mme5.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Embeds inputs chunk by chunk: memory does not grow with the number of inputs, and results are written as they are ready. */
final class EmbedRun {
    private static final int FIRST_CHUNK = 8;
    private static final int MAX_CHUNK = 256;

    /** Results are written about this often, unless a single input takes longer. */
    private static final double SECONDS_PER_CHUNK = 2;

    private final InputRecords records;
    private final CommandContext context;
    private final boolean quiet;
    private final boolean printsFailures;

    private long count;
    private long failures;
    private ModelStatistics statistics;
    private double seconds;

    /** An option that would have helped; empty if none would. */
    private String advice = "";

    /** The first two embeddings, for their similarity. */
    private final List<Embedding> first = new ArrayList<>();

    /** An action at the end of each chunk, when its results are written. */
    @FunctionalInterface
    interface ChunkEnd {
        void reached() throws IOException;
    }

    /** @param printsFailures whether failed inputs are printed, because the format cannot hold their errors */
    EmbedRun(InputRecords records, CommandContext context, boolean quiet, boolean printsFailures) {
        this.records = records;
        this.context = context;
        this.quiet = quiet;
        this.printsFailures = printsFailures;
    }

    /** Adds the inputs of earlier runs to the counts. */
    void continueAfter(long inputs, long failedInputs) {
        count = inputs;
        failures = failedInputs;
    }

    /** Number of inputs so far, including failed ones. */
    long count() {
        return count;
    }

    /** Number of failed inputs so far. */
    long failures() {
        return failures;
    }

    /** What the model did, once all inputs are embedded. */
    ModelStatistics statistics() {
        return statistics;
    }

    /** Seconds from the first input to the last result. */
    double seconds() {
        return seconds;
    }

    /** The end of a message about failed inputs: an option that would help one of them, or nothing. */
    String advice() {
        return advice;
    }

    /** The similarity of two inputs, or null if there are not exactly two embeddings. */
    Float similarity() {
        return count == 2 && first.size() == 2 ? first.get(0).cosine(first.get(1)) : null;
    }

    /** @param prompt applied to every input first */
    void embedAll(EmbeddingModel model, UnaryOperator<Input> prompt, ResultWriter writer, ChunkEnd end) throws IOException {
        long runStart = System.nanoTime();
        double previousFraction = count == 0 ? 0 : records.fraction();
        ProgressLine progress = new ProgressLine(context, quiet, count, previousFraction);
        int size = FIRST_CHUNK;
        List<InputRecord> chunk = records.next(size);
        while (!chunk.isEmpty()) {
            long start = System.nanoTime();
            double from = previousFraction;
            double to = records.fraction();
            long previousCount = count;
            ProgressListener listener =
                    (done, total) -> progress.update(previousCount + done, from + (to - from) * done / total);
            List<EmbeddingResult> results = model.tryEmbedAll(readable(chunk).map(prompt).toList(), listener);
            write(chunk, results, writer, progress);
            end.reached();

            size = nextSize(size, results, (System.nanoTime() - start) * 1e-9);
            previousFraction = to;
            chunk = records.next(size);
        }
        progress.erase();
        statistics = model.statistics();
        seconds = (System.nanoTime() - runStart) * 1e-9;
    }

    /** The size of the next chunk. Copies of equal texts cost nothing, so they say nothing about how long other inputs take. */
    static int nextSize(int size, List<EmbeddingResult> results, double seconds) {
        long computed = results.stream().map(EmbeddingResult::embedding).filter(e -> e != null && e.sharedTokens() < e.tokens()).count();
        double fitting = Math.max(1, computed) * SECONDS_PER_CHUNK / Math.max(seconds, 1e-3);
        return (int) Math.clamp(Math.min(fitting, 2.0 * size), 1, MAX_CHUNK);
    }

    private static Stream<Input> readable(List<InputRecord> chunk) {
        return chunk.stream().filter(record -> !record.failed()).map(InputRecord::input);
    }

    private void write(List<InputRecord> chunk, List<EmbeddingResult> results, ResultWriter writer, ProgressLine progress)
            throws IOException {
        int next = 0;
        for (InputRecord record : chunk) {
            if (record.failed()) {
                writeFailure(record.id(), record.error(), writer, progress);
                continue;
            }
            EmbeddingResult result = results.get(next++);
            if (result.failed()) {
                writeFailure(record.id(), result.error().getMessage(), writer, progress);
                if (advice.isEmpty()) advice = InputAdvice.of(result.error().reason(), record.text());
            } else {
                writeEmbedding(record.id(), result.embedding(), writer);
            }
        }
    }

    private void writeEmbedding(Json id, Embedding embedding, ResultWriter writer) throws IOException {
        count++;
        if (first.size() < 2) first.add(embedding);
        writer.writeEmbedding(id, embedding);
    }

    private void writeFailure(Json id, String error, ResultWriter writer, ProgressLine progress) throws IOException {
        count++;
        failures++;
        writer.writeFailure(id, error);
        if (printsFailures) {
            progress.erase();
            context.printMessage(InputRecord.plain(id) + ": " + error);
        }
    }
}
