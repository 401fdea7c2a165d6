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

/** Whole embeddings, all inputs in one call, without the cache of pictures. */
public final class EmbedSubject implements BenchmarkSubject {
    /** What the reference allows between engines. */
    private static final double BOUND = 1e-5;

    private static final Input SHORT = Input.text("a");

    private final Path folder;
    private final EmbeddingModel model;
    private final List<Input> batch;
    private final Workload amount;
    private List<Embedding> results;

    public EmbedSubject(Path folder, EmbedInputs inputs, int threads) {
        this.folder = folder;
        model = EmbeddingModel.open(folder, Options.defaults().withThreads(threads).withImageCacheBytes(0));
        EmbedInputs.Made made = inputs.make(folder);
        batch = made.inputs();
        amount = made.amount();
    }

    @Override
    public void run() {
        results = model.embedAll(batch, ProgressListener.NONE);
    }

    /**
     * The last input has the bits that it has alone, and a text of three tokens is what the scalar kernels make of it: more
     * would take them minutes.
     */
    @Override
    public void check() {
        if (!results.getLast().equals(model.embed(batch.getLast()))) throw new IllegalStateException("a batch changes the bits");
        float[] actual = model.embed(SHORT).values();
        try (EmbeddingModel scalar = EmbeddingModel.open(folder, Options.defaults().withKernels(KernelChoice.SCALAR))) {
            float[] expected = scalar.embed(SHORT).values();
            for (int i = 0; i < expected.length; i++) Samples.requireClose(expected[i], actual[i], BOUND, "embedding, number " + i);
        }
    }

    /** Operations that cannot be left out, and every weight that must be read, once. */
    @Override
    public Workload amount() {
        return amount;
    }

    @Override
    public void close() {
        model.close();
    }
}
