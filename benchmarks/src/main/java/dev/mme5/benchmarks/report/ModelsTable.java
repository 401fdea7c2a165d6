package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.models.ModelBenchmark;
import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * {@code mme5 bench --models}: text embeddings of e5-small-v2 by mme5 and by other libraries.
 *
 * @param tree root of the source tree
 * @param libraries what the names of those beside mme5 must match
 */
record ModelsTable(PrintStream out, Path tree, int threads, boolean quick, boolean noPeers, Pattern libraries) {
    private static final int COMPARED_TEXTS = 500;

    /** Of another model: a minute at most. */
    private static final int COMPARED_TEXTS_OF_OTHERS = 200;
    private static final float BOUND = 1e-5f;

    /**
     * Prints the table, or compares texts with ONNX Runtime.
     *
     * @param compared an array of texts, or null for the table
     * @return the exit status
     */
    int run(Path compared) throws IOException {
        try (ModelBenchmark benchmark = new ModelBenchmark(tree, threads, !noPeers)) {
            if (compared != null) return compare(benchmark, compared);
            Supplier<InterleavedRounds.Peak> probe = InterleavedRounds.Peak.probes(threads);
            BenchTable table = new BenchTable(out);
            table.head(BenchCommand.machine(), probe.get(), threads);
            InterleavedRounds.Effort effort = quick ? InterleavedRounds.Effort.QUICK : InterleavedRounds.Effort.LONG;
            for (ModelBenchmark.Shape shape : ModelBenchmark.shapes()) {
                List<BenchmarkSubject> subjects = benchmark.subjects(shape, quick, libraries);
                table.rows(shape.toString(), subjects, InterleavedRounds.measure(subjects, probe, effort));
            }
            if (!noPeers) out.printf(Locale.ROOT, "%nJlama's vectors have the cosine %.3f with ours.%n", benchmark.cosineOfJlama());
            return 0;
        }
    }

    private int compare(ModelBenchmark benchmark, Path file) throws IOException {
        List<String> texts = texts(file, COMPARED_TEXTS);
        return report(texts.size(), benchmark.largestDifference(texts));
    }

    /**
     * Compares texts with ONNX Runtime for another model.
     *
     * @param folder of the model
     * @param jar with the same model for ONNX Runtime
     * @return the exit status
     */
    int compare(Path file, Path folder, Path jar) throws IOException {
        List<String> texts = texts(file, COMPARED_TEXTS_OF_OTHERS);
        return report(texts.size(), ModelBenchmark.largestDifference(tree, folder, jar, threads, texts));
    }

    private static List<String> texts(Path file, int max) throws IOException {
        byte[] json;
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            json = in.readAllBytes();
        }
        List<String> texts = ((JsonArray) JsonReader.parse(json, file.toString())).texts();
        return texts.subList(0, Math.min(max, texts.size()));
    }

    private int report(int texts, float largest) {
        boolean passes = largest <= BOUND;
        out.printf(Locale.ROOT, "%d texts: the largest difference from ONNX Runtime is %.3g, %s 1e-5%n", texts, largest,
                passes ? "within" : "beyond");
        return passes ? 0 : 1;
    }
}
