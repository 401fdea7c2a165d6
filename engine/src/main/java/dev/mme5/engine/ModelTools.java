package dev.mme5.engine;

import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What tools do with an open model besides embedding: use its tokenizer, look at every stage of a run, and multiply stored vectors by
 * its kernels. The model stays the owner; closing it ends this, too.
 */
public final class ModelTools {
    private final ModelRuntime runtime;

    /** Receives the output of every stage of one input, for comparing with the reference. */
    @FunctionalInterface
    public interface StageListener {
        /**
         * @param name the stage, as the golden tensors of the reference name it, such as {@code text.layer.3.last}
         * @param shape of the values, last dimension contiguous
         * @param values a copy, row-major
         */
        void stage(String name, long[] shape, float[] values);
    }

    private ModelTools(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /** The tools of an open model. */
    public static ModelTools of(EmbeddingModel model) {
        return new ModelTools(Objects.requireNonNull(model, "model").runtime());
    }

    /** The model's tokenizer, for programs that count or cut tokens: a second one of a large vocabulary may not fit into the heap. */
    public Tokenizer tokenizer() {
        return runtime.tokenizer();
    }

    /**
     * Embeds one input and reports the output of every stage, of all tokens and of all of an image; slower and larger than {@link
     * EmbeddingModel#embed}.
     *
     * @throws InputException when the input cannot be embedded
     * @throws ModelClosedException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public Embedding trace(Input input, StageListener stages) {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(stages, "stages");
        return EmbeddingModel.embedding(Failures.translating(() -> runtime.trace(
                input.forRuntime(), (name, value, shape) -> stages.stage(name, shape, value.get().toArray()))));
    }

    /**
     * Dot products of many stored vectors with a few queries, computed by the model's kernels; cosines where both are unit vectors. With
     * the vector kernels the bits of each depend on the two vectors alone.
     *
     * @param queries [any number, dimensions]
     * @param vectors little-endian floats [any number, dimensions], in memory or mapped; may be larger than the heap
     * @param out [queries, vectors]
     * @throws IllegalArgumentException when the sizes do not fit
     * @throws ModelClosedException when the model is closed
     */
    public void dotProducts(float[] queries, MemorySegment vectors, float[] out) {
        Objects.requireNonNull(queries, "queries");
        Objects.requireNonNull(vectors, "vectors");
        Objects.requireNonNull(out, "out");
        Failures.translating(() -> {
            runtime.dotProducts(queries, vectors, out);
            return out;
        });
    }
}
