package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.nn.Interruption;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.lora.LoraAdapter;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the LoRA adapter of a model folder and merges it on all threads. Whoever opens the weights of a folder does this first. */
public final class MergedAdapter {
    private static final int MIN_ROWS = 16;

    private MergedAdapter() {}

    /** Empty if the folder has none; see {@link LoraAdapter#find}. */
    public static Optional<LoraAdapter> find(Path folder, Checkpoint checkpoint, ModelFamily family) {
        return LoraAdapter.find(folder, checkpoint, family.tensorNames(), name -> family.unusedPartOf(name).isPresent());
    }

    /** Verifies the adapter's file if the options say so, and merges. */
    static void merge(LoraAdapter adapter, Checkpoint checkpoint, RuntimeOptions options) {
        if (options.verify()) adapter.verify(done -> {});
        try (WorkerPool pool = new WorkerPool(options.threads())) {
            merge(adapter, checkpoint, pool);
        }
    }

    /**
     * Merges.
     *
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public static void merge(LoraAdapter adapter, Checkpoint checkpoint, WorkerPool pool) {
        adapter.mergeInto(checkpoint, (rows, task) -> {
            Interruption.check();
            pool.forEachRange(rows, MIN_ROWS, task::run);
        });
    }
}
