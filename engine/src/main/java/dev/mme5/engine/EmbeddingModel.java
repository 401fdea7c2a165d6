package dev.mme5.engine;

import dev.mme5.engine.family.mllama.Mllama;
import dev.mme5.engine.family.mllama.MllamaMemoryEstimate;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.runtime.EmbedCall;
import dev.mme5.engine.runtime.InputPreparer;
import dev.mme5.engine.runtime.KernelSelection;
import dev.mme5.engine.runtime.MemoryBudget;
import dev.mme5.engine.runtime.MemoryCheck;
import dev.mme5.engine.runtime.ModelFingerprint;
import dev.mme5.engine.runtime.ModelMetadata;
import dev.mme5.engine.runtime.PreparedInput;
import dev.mme5.engine.runtime.TracedRun;
import dev.mme5.engine.runtime.VisionStateCache;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.ShardFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An Mllama embedding model, such as {@code intfloat/mmE5-mllama-11b-instruct}, opened from an unchanged Hugging Face folder:
 * texts, images, or both in, one unit vector each out.
 *
 * {@snippet :
 * try (EmbeddingModel model = EmbeddingModel.open(Path.of("mmE5-mllama-11b-instruct"))) {
 *     Embedding query = model.embed(Input.text("Find me an everyday image that matches the given caption: A cat.\n"));
 *     Embedding photo = model.embed(Input.image(Path.of("cat.jpg")));
 *     float score = query.cosine(photo);
 * }
 * }
 *
 * <p>One model may be used by many threads at once. With the vector kernels the same input gives the same bits, whatever the
 * number of threads, the other inputs of the call, and the vector width of the machine. The weights are mapped, not copied;
 * {@link #close} unmaps them. Interrupting a thread ends its call soon with a {@link
 * java.util.concurrent.CancellationException} and leaves the model usable.
 */
public final class EmbeddingModel implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final Kernels kernels;
    private final Mllama model;
    private final InputPreparer preparer;
    private final MemoryBudget heap;
    private final int dimensions;
    private final ModelFingerprint fingerprint;

    /** Read: a call is running. Write: closing, which waits for the calls that run. */
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    private EmbeddingModel(Path path, ModelMetadata folder, Checkpoint checkpoint, Kernels kernels, MemoryCheck memory, Options options) {
        this.checkpoint = checkpoint;
        this.kernels = kernels;
        this.model = Mllama.load(checkpoint.weights(), folder.config(), kernels);
        this.preparer = new InputPreparer(
                folder.tokenizer(),
                new MllamaImageProcessor(folder.imageProcessor()),
                memory,
                options);
        this.heap = new MemoryBudget(memory, new VisionStateCache(options.imageCacheBytes()));
        this.dimensions = folder.config().text().hidden();
        this.fingerprint = new ModelFingerprint(path, checkpoint, options, preparer.maxTokens());
    }

    /** Opens a model folder with the default options. */
    public static EmbeddingModel open(Path folder) {
        return open(folder, Options.defaults());
    }

    /**
     * Opens a model folder: config.json, preprocessor_config.json, tokenizer.json, tokenizer_config.json, and model.safetensors
     * or its shards with an index.
     *
     * @throws ModelFormatException when something about the folder is wrong; the message names the file and the place
     * @throws IllegalStateException when {@link KernelChoice#VECTOR} is asked for and the module is missing, or when a text of 20
     *     tokens, or of {@link Options#maxTokens} if that is set, needs more memory than there is; the message has the numbers
     */
    public static EmbeddingModel open(Path folder, Options options) {
        return open(folder, options, ProgressListener.NONE);
    }

    /**
     * As above. Where {@link Options#verify} asks for it, the weights are hashed first, which takes as long as reading them.
     *
     * @param verifying told how many megabytes of the weights are verified, and of how many
     * @throws java.util.concurrent.CancellationException when the thread is interrupted while the weights are verified
     */
    public static EmbeddingModel open(Path folder, Options options, ProgressListener verifying) {
        return open(folder, options, verifying, kernels -> kernels, MemoryCheck::here);
    }

    /**
     * @param around what to put around the kernels that the options choose
     * @param memory the memory to keep to
     */
    static EmbeddingModel open(
            Path folder, Options options, ProgressListener verifying, UnaryOperator<Kernels> around,
            Function<MllamaMemoryEstimate, MemoryCheck> memory) {
        ModelMetadata files = ModelMetadata.read(folder);
        Kernels kernels = around.apply(KernelSelection.choose(options));
        Checkpoint checkpoint = null;
        try {
            checkpoint = Checkpoint.open(folder, MllamaTensorNames.INSTANCE);
            MemoryCheck check = memory.apply(new MllamaMemoryEstimate(files.config(), checkpoint.quantization(), options.threads()));
            check.requireModel(folder, options.maxTokens());
            return load(folder, files, checkpoint, kernels, check, options, verifying);
        } catch (Throwable e) {
            kernels.close();
            if (checkpoint != null) checkpoint.close();
            throw e;
        }
    }

    private static EmbeddingModel load(
            Path folder, ModelMetadata files, Checkpoint checkpoint, Kernels kernels, MemoryCheck memory, Options options,
            ProgressListener verifying) {
        try {
            if (options.verify()) {
                int total = (int) (checkpoint.shards().stream().mapToLong(ShardFile::bytes).sum() >> 20);
                checkpoint.verify(done -> verifying.progress((int) (done >> 20), total));
            }
            EmbeddingModel model = new EmbeddingModel(folder, files, checkpoint, kernels, memory, options);
            checkpoint.check();
            return model;
        } catch (InternalError e) {
            throw checkpoint.explained(e);
        }
    }

    /**
     * Embeds one input.
     *
     * @throws InputException when this input cannot be embedded
     * @throws IllegalStateException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public Embedding embed(Input input) {
        return embedAll(List.of(input), ProgressListener.NONE).getFirst();
    }

    /**
     * Embeds inputs, in order; faster than one by one, with the same bits.
     *
     * @throws InputException when an input cannot be embedded: the first such one
     * @throws IllegalStateException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public List<Embedding> embedAll(List<Input> inputs, ProgressListener listener) {
        List<EmbeddingResult> results = tryEmbedAll(inputs, listener);
        for (EmbeddingResult result : results) {
            if (result.failed()) throw result.error();
        }
        return results.stream().map(EmbeddingResult::embedding).toList();
    }

    /**
     * Embeds all inputs that can be, in order; one that fails has its error in its place.
     *
     * @throws IllegalStateException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public List<EmbeddingResult> tryEmbedAll(List<Input> inputs, ProgressListener listener) {
        return reading(() -> new EmbedCall(model, preparer, heap, List.copyOf(inputs), listener).run());
    }

    /**
     * Embeds one input and tells what every stage computed, all tokens and tiles included; slower and larger than {@link
     * #embed}.
     *
     * @throws InputException when the input cannot be embedded
     * @throws IllegalStateException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public Embedding trace(Input input, StageListener stages) {
        return reading(() -> {
            PreparedInput prepared = preparer.prepare(input, heap.forDecoding());
            heap.makeRoom(prepared.ids().length, prepared.images().size());
            return new TracedRun(model, prepared, stages).run();
        });
    }

    /**
     * Dot products of many stored vectors with a few queries, computed by this model's kernels; cosines, as both are unit
     * vectors. With the vector kernels the bits of each depend on the two vectors alone.
     *
     * @param queries [any number, dimensions]
     * @param vectors little-endian floats [any number, dimensions], in memory or mapped; may be larger than the heap
     * @param out [queries, vectors]
     * @throws IllegalArgumentException when the sizes do not fit
     * @throws IllegalStateException when the model is closed
     */
    public void dotProducts(float[] queries, MemorySegment vectors, float[] out) {
        long rows = vectors.byteSize() / Float.BYTES / dimensions;
        int count = queries.length / dimensions;
        if (count * dimensions != queries.length || rows * dimensions * Float.BYTES != vectors.byteSize() || count * rows != out.length) {
            throw new IllegalArgumentException("%d query floats and %d vector bytes of %d dimensions do not give %d products"
                    .formatted(queries.length, vectors.byteSize(), dimensions, out.length));
        }
        if (out.length == 0) return;
        enter();
        try {
            MappedTensor stored = new MappedTensor("(vectors)", "vectors", DType.F32, new Shape(rows, dimensions), vectors);
            kernels.matmul(new Matrix(queries, 0, count, dimensions), stored, new Matrix(out, 0, count, (int) rows));
        } finally {
            leave();
        }
    }

    /**
     * 64 hexadecimal digits that say whose vectors this model's can be compared with: models with the same digits give the same
     * vectors for the same inputs. They depend on the files of the folder, a sample of each tensor, and the options that change
     * vectors ({@link Options#maxTokens}, {@link Options#applyExif}, {@link Options#dropDuplicateBos}), not on the folder's
     * name, the sharding, or the kernels.
     *
     * @throws IllegalStateException when the model is closed
     */
    public String fingerprint() {
        return reading(fingerprint::digits);
    }

    /** What to call the model: the name of its folder. */
    public String name() {
        return fingerprint.modelName();
    }

    /** How many numbers an embedding has. */
    public int dimensions() {
        return dimensions;
    }

    /** Longest input in tokens; what is longer is cut off, or refused if the options say so. */
    public int maxTokens() {
        return preparer.maxTokens();
    }

    /** Which kernels compute, such as "vector, 512 bit, 2 threads". */
    public String kernels() {
        return kernels.description();
    }

    /** Waits for running calls, then unmaps the weights and ends the threads. Closing twice is harmless. */
    @Override
    public void close() {
        if (use.getReadHoldCount() > 0) throw new IllegalStateException("a model cannot be closed from inside one of its calls");
        use.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            kernels.close();
            checkpoint.close();
        } finally {
            use.writeLock().unlock();
        }
    }

    /** A call that reads the weights. Its result counts only if they are still what was opened. */
    private <T> T reading(Supplier<T> call) {
        enter();
        try {
            checkpoint.check();
            T result = call.get();
            checkpoint.check();
            return result;
        } catch (InternalError e) {
            throw checkpoint.explained(e);
        } finally {
            leave();
        }
    }

    private void enter() {
        use.readLock().lock();
        if (closed) {
            use.readLock().unlock();
            throw new IllegalStateException("the model is closed");
        }
    }

    private void leave() {
        use.readLock().unlock();
    }
}
