package dev.mme5.benchmarks.models;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.Workload;
import java.util.List;

/** Texts of one length, embedded by one library in one call. */
final class ModelSubject implements BenchmarkSubject {
    /** Between libraries, for each number of a unit vector. */
    private static final float BOUND = 1e-5f;

    private final TextEmbedder embedder;
    private final List<String> texts;
    private final List<float[]> expected;
    private final Workload workload;
    private List<float[]> result;

    /** @param expected the vectors of mme5 */
    ModelSubject(TextEmbedder embedder, List<String> texts, List<float[]> expected, Workload workload) {
        this.embedder = embedder;
        this.texts = texts;
        this.expected = expected;
        this.workload = workload;
    }

    @Override
    public String implementation() {
        return embedder.name();
    }

    @Override
    public void run() {
        result = embedder.embed(texts);
    }

    @Override
    public void check() {
        if (!embedder.isSameModel()) return;
        for (int i = 0; i < texts.size(); i++) requireClose(expected.get(i), result.get(i), BOUND, embedder.name() + ", text " + i);
    }

    static void requireClose(float[] expected, float[] found, float bound, String what) {
        for (int k = 0; k < expected.length; k++) {
            if (!(Math.abs(expected[k] - found[k]) <= bound)) {
                throw new IllegalStateException(what + ", number " + k + ": expected " + expected[k] + ", found " + found[k]);
            }
        }
    }

    @Override
    public Workload workload() {
        return workload;
    }
}
