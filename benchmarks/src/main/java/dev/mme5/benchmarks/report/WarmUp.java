package dev.mme5.benchmarks.report;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a new virtual machine takes to its first embedding of a text, and until texts take no longer than they ever will:
 * to be run as a process of its own.
 */
public final class WarmUp {
    private static final String TEXT = "a photo of a cat that sits on a red sofa";
    private static final double SECONDS = 8;

    /** Texts of which the median says how fast it is at that time. */
    private static final int WINDOW = 15;

    private static final double NEARLY = 1.1;

    private WarmUp() {}

    /** @param args the model folder */
    public static void main(String[] args) throws IOException {
        long main = System.nanoTime();
        double before = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
        List<Double> ends = new ArrayList<>();
        List<Double> lengths = new ArrayList<>();
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), Options.defaults())) {
            double now = 0;
            while (now < SECONDS) {
                long start = System.nanoTime();
                model.embed(Input.text(TEXT));
                long end = System.nanoTime();
                now = (end - main) / 1e9;
                ends.add(now);
                lengths.add((end - start) / 1e6);
            }
        }
        double steady = median(lengths.subList(lengths.size() / 2, lengths.size()));
        System.out.printf("main begins %.2f s after the virtual machine; from there on%n", before);
        System.out.printf("first embedding: %.2f s; one takes %.1f ms in the end%n", ends.getFirst(), steady);
        System.out.printf("texts take less than 2 times that after %.2f s, less than %.1f times after %.2f s%n",
                reached(ends, lengths, 2 * steady), NEARLY, reached(ends, lengths, NEARLY * steady));
    }

    /** When the first window begins whose median is less. */
    private static double reached(List<Double> ends, List<Double> lengths, double limit) {
        for (int from = 0; from + WINDOW <= lengths.size(); from++) {
            if (median(lengths.subList(from, from + WINDOW)) < limit) return ends.get(from);
        }
        return Double.NaN;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
