package dev.mme5.benchmarks.subject;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.nio.file.Path;
import java.util.List;

/** Whole embeddings, all inputs in one call, without caches of vision states and of beginnings. */
public final class EmbedSubject implements BenchmarkSubject {
    /** Tolerance of the reference between engines. */
    private static final double BOUND = 1e-5;

    private static final Input SHORT = Input.text("a");

    private final Path folder;
    private final EmbeddingModel model;
    private final List<Input> inputList;
    private final Workload workload;
    private List<Embedding> results;

    public EmbedSubject(Path folder, EmbedInputs inputs, int threads) {
        this.folder = folder;
        model = EmbeddingModel.open(folder, Options.defaults().withThreads(threads).withPrefixCacheBytes(0).withImageCacheBytes(0));
        EmbedInputs.Batch made = inputs.make(folder);
        inputList = made.inputs();
        workload = made.workload();
    }

    @Override
    public void run() {
        results = model.embedAll(inputList, ProgressListener.NONE);
    }

    /**
     * The last input must have the bits that it has alone, and a text of three tokens must agree with the reference kernels. Longer texts
     * would take those minutes.
     */
    @Override
    public void check() {
        if (!results.getLast().equals(model.embed(inputList.getLast()))) throw new IllegalStateException("a batch changes the bits");
        float[] actual = model.embed(SHORT).values();
        try (EmbeddingModel scalar = EmbeddingModel.open(folder, Options.defaults().withKernels(KernelChoice.SCALAR))) {
            float[] expected = scalar.embed(SHORT).values();
            for (int i = 0; i < expected.length; i++) Samples.requireClose(expected[i], actual[i], BOUND, "embedding, number " + i);
        }
    }

    /** The operations that no engine can leave out, and each weight that must be read, once. */
    @Override
    public Workload workload() {
        return workload;
    }

    @Override
    public void close() {
        model.close();
    }
}
