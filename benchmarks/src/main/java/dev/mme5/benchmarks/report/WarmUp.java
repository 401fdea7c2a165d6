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
 * Measures the time from the start of a JVM to its first embedding of a text, and until texts reach their final speed. Must run as a
 * process of its own.
 */
public final class WarmUp {
    private static final String TEXT = "a photo of a cat that sits on a red sofa";
    private static final double SECONDS = 8;

    /** Consecutive texts whose median is the speed at that time. */
    private static final int WINDOW = 15;

    private static final double NEARLY_STEADY = 1.1;

    private WarmUp() {}

    /** @param args the model folder */
    public static void main(String[] args) throws IOException {
        long main = System.nanoTime();
        double jvmStartSeconds = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
        List<Double> endSeconds = new ArrayList<>();
        List<Double> textMillis = new ArrayList<>();
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), Options.defaults())) {
            double now = 0;
            while (now < SECONDS) {
                long start = System.nanoTime();
                model.embed(Input.text(TEXT));
                long end = System.nanoTime();
                now = (end - main) / 1e9;
                endSeconds.add(now);
                textMillis.add((end - start) / 1e6);
            }
        }
        double steady = median(textMillis.subList(textMillis.size() / 2, textMillis.size()));
        System.out.printf("main begins %.2f s after the JVM; from there on%n", jvmStartSeconds);
        System.out.printf("first embedding: %.2f s; one takes %.1f ms in the end%n", endSeconds.getFirst(), steady);
        System.out.printf("texts take less than 2 times that after %.2f s, less than %.1f times after %.2f s%n",
                firstBelow(endSeconds, textMillis, 2 * steady), NEARLY_STEADY, firstBelow(endSeconds, textMillis, NEARLY_STEADY * steady));
    }

    /** Start of the first window whose median is below the limit. */
    private static double firstBelow(List<Double> endSeconds, List<Double> textMillis, double limit) {
        for (int from = 0; from + WINDOW <= textMillis.size(); from++) {
            if (median(textMillis.subList(from, from + WINDOW)) < limit) return endSeconds.get(from);
        }
        return Double.NaN;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
