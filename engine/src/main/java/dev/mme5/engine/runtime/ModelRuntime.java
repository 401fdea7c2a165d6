package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.memory.ImageStateCache;
import dev.mme5.engine.runtime.memory.MemoryBudget;
import dev.mme5.engine.runtime.memory.MemoryCheck;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.engine.runtime.memory.StateCaches;
import dev.mme5.engine.runtime.pass.ForwardPass;
import dev.mme5.engine.runtime.pass.PassQueue;
import dev.mme5.engine.runtime.waiting.CallGate;
import dev.mme5.engine.runtime.waiting.WaitTime;
import dev.mme5.engine.runtime.waiting.WaitingCalls;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.TensorNames;
import dev.mme5.weights.file.ShardFile;
import dev.mme5.weights.lora.LoraAdapter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * An open model of any family. Owns the mapped weights and the kernels' threads. Calls run side by side; {@link #close} waits
 * for them.
 */
public final class ModelRuntime implements AutoCloseable {
    private final Path folder;
    private final ModelFamily family;
    private final int dimensions;
    private final boolean givesUnitVectors;
    private final boolean takesImages;
    private final Checkpoint checkpoint;
    private final KernelSelection kernels;
    private final EmbeddingNetwork network;
    private final InputPreparer preparer;
    private final WaitingCalls waiting;
    private final MemoryBudget budget;
    private final InputAdmission admission;
    private final PassQueue passes;
    private final ModelFingerprint fingerprint;
    private final CallGate gate = new CallGate();

    /**
     * The surroundings of a model; tests and measurements replace a part.
     *
     * @param families the models that can be opened
     * @param kernels put around the kernels that the options choose
     * @param memory the memory to keep to
     */
    public record Environment(
            ModelFamilies families, UnaryOperator<Kernels> kernels, Function<MemoryEstimate, MemoryCheck> memory) {
        /** All families, the kernels as they are, this process's memory. */
        public static Environment standard() {
            return new Environment(ModelFamilies.ALL, UnaryOperator.identity(), MemoryCheck::here);
        }

        /** The same with other kernels around those that the options choose. */
        public Environment withKernels(UnaryOperator<Kernels> around) {
            return new Environment(families, around, memory);
        }

        /** The same with other memory. */
        public Environment withMemory(Function<MemoryEstimate, MemoryCheck> other) {
            return new Environment(families, kernels, other);
        }
    }

    /**
     * Counts since a model was opened, and its state now.
     *
     * @param inputs that went through passes, and equal texts that were copied from one of those
     * @param tokens of all these
     * @param tokensShared of those, not computed for their input
     * @param tokensCached of these, known from earlier passes
     * @param images whose states were computed
     * @param passes that have ended
     * @param waitingCalls calls that wait now
     * @param bytesReserved heap in use now: by calls, their largest pass, and the caches
     * @param bytesLimit heap that calls and the cache may use
     * @param waitingNanos of all waits together
     * @param computingNanos during which a pass ran
     */
    public record Statistics(
            long inputs, long tokens, long tokensShared, long tokensCached, long images, long passes, int waitingCalls,
            long bytesReserved, long bytesLimit, long waitingNanos, long computingNanos) {}

    private ModelRuntime(
            Path folder, ModelFamilies.Found model, InputProcessor processor, Checkpoint checkpoint, KernelSelection kernels,
            MemoryCheck withoutCopies, RuntimeOptions options) {
        this.folder = folder;
        this.family = model.family();
        this.dimensions = model.architecture().dimensions();
        this.givesUnitVectors = model.architecture().givesUnitVectors();
        this.takesImages = model.architecture().takesImages();
        this.checkpoint = checkpoint;
        this.kernels = kernels;
        Map<String, PanelTensor> panels = new HashMap<>();
        this.network = model.architecture().load(checkpoint.weights().withMatrixListener((name, matrix) -> {
            if (matrix instanceof PanelTensor found) panels.put(name, found);
        }), kernels.kernels());
        MemoryCheck memory = withCopies(withoutCopies, options.kernels(), network);
        if (memory.estimate().copiedBytes() > 0) network.panelCopies().allow();
        this.preparer = new InputPreparer(processor, memory, options);
        this.waiting = new WaitingCalls(options.maxWait(), options.maxWaiting());
        this.budget = new MemoryBudget(
                memory, new StateCaches(new ImageStateCache(options.imageCacheBytes()), network.prefixCache()), waiting);
        network.prefixCache().limit(options.prefixCacheBytes());
        this.admission = new InputAdmission(preparer, budget);
        this.passes = new PassQueue(new ForwardPass(network, budget), budget, waiting);
        this.fingerprint = new ModelFingerprint(folder, model.family(), checkpoint, panels, options, preparer.maxTokens());
    }

    /**
     * Opens a model folder. The weights are mapped, then the memory is checked, then the tokenizer is read, because a large one alone may
     * fill a small heap; then the weights are loaded.
     *
     * @param verifying receives how many megabytes of the weights are verified, and of how many
     * @throws dev.mme5.json.ModelFormatException when something about the folder is wrong
     * @throws Failure.Unsuitable when the kernels cannot be had, or the model does not fit into memory
     */
    public static ModelRuntime open(Path folder, RuntimeOptions options, Progress verifying, Environment environment) {
        ModelFamilies.Found model = environment.families().read(folder);
        KernelSelection chosen = KernelSelection.of(options.kernels(), options.threads());
        KernelSelection kernels = new KernelSelection(chosen.policy(), environment.kernels().apply(chosen.kernels()));
        Checkpoint checkpoint = null;
        Optional<LoraAdapter> adapter = Optional.empty();
        try {
            checkpoint = Checkpoint.open(folder, model.family().tensorNames());
            adapter = MergedAdapter.find(folder, checkpoint, model.family());
            Checkpoint opened = checkpoint;
            Optional<LoraAdapter> found = adapter;
            MemoryCheck memory = environment.memory()
                    .apply(MemoryEstimate.of(folder, model.architecture(), checkpoint.quantization(), options.threads())
                            .withMergedBytes(adapter.map(LoraAdapter::mergedBytes).orElse(0L)));
            memory.requireModel(folder, options.maxTokens());
            InputProcessor processor = model.architecture().inputProcessor(folder, options.dropDuplicateBos());
            return load(checkpoint, () -> {
                if (options.verify()) verify(opened, verifying);
                found.ifPresent(lora -> MergedAdapter.merge(lora, opened, options));
                return new ModelRuntime(folder, model, processor, opened, kernels, memory, options);
            });
        } catch (Throwable e) {
            kernels.kernels().close();
            if (checkpoint != null) checkpoint.close();
            throw e;
        } finally {
            adapter.ifPresent(LoraAdapter::close);
        }
    }

    /**
     * The memory of a model that copies its weights if it may, and if its kernels read copies.
     *
     * @param policy as the options name it
     */
    public static MemoryCheck withCopies(MemoryCheck memory, KernelSelection.Policy policy, EmbeddingNetwork network) {
        return KernelSelection.isVector(policy) ? memory.withCopies(network.panelCopies().bytes()) : memory;
    }

    /** Loads what reads the weights. They must be what was opened. */
    private static ModelRuntime load(Checkpoint checkpoint, Supplier<ModelRuntime> loading) {
        try {
            ModelRuntime runtime = loading.get();
            checkpoint.check();
            return runtime;
        } catch (InternalError e) {
            throw checkpoint.explained(e);
        }
    }

    private static void verify(Checkpoint checkpoint, Progress listener) {
        int total = (int) (checkpoint.shards().stream().mapToLong(ShardFile::bytes).sum() >> 20);
        checkpoint.verify(done -> listener.progress((int) (done >> 20), total));
    }

    /**
     * Embeds all inputs that can be, in order.
     *
     * @throws Failure.Busy when it would wait too long
     * @throws Failure.Closed when the model is closed
     * @throws Failure.Cancelled when the thread is interrupted
     */
    public List<Outcome> embed(List<ModelInput> inputs, Progress listener) {
        return reading(() -> new EmbedCall(admission, passes, budget, inputs, listener, gate.isNested()).run());
    }

    /**
     * Tokens of an input before any are cut off.
     *
     * @throws dev.mme5.engine.family.RefusedInputException when the prompt cannot be embedded
     */
    public int countTokens(ModelInput input) {
        gate.enter();
        try {
            return preparer.countTokens(input);
        } finally {
            gate.leave();
        }
    }

    /**
     * Embeds one input and traces every stage, no row skipped.
     *
     * @throws dev.mme5.engine.family.RefusedInputException when it cannot be embedded
     */
    public Outcome.Embedded trace(ModelInput input, Trace trace) {
        return reading(() -> {
            WaitTime time = new WaitTime();
            InputAdmission.Admitted admitted = admission.admit(input, false, gate.isNested(), time);
            try {
                return passes.runAlone(() -> {
                    budget.evictForPass();
                    return new TracedRun(network, admitted.input(), trace).run();
                }, time);
            } finally {
                admitted.reservation().close();
            }
        });
    }

    /**
     * Dot products of stored vectors with queries, by this model's kernels.
     *
     * @param queries [count, dimensions]
     * @param vectors little-endian floats [rows, dimensions]
     * @param out [count, rows]
     * @throws IllegalArgumentException when the sizes do not fit
     */
    public void dotProducts(float[] queries, MemorySegment vectors, float[] out) {
        long rows = vectors.byteSize() / Float.BYTES / dimensions;
        int count = queries.length / dimensions;
        if (count * dimensions != queries.length || rows * dimensions * Float.BYTES != vectors.byteSize() || count * rows != out.length) {
            throw new IllegalArgumentException("%d query floats and %d vector bytes of %d dimensions do not give %d products"
                    .formatted(queries.length, vectors.byteSize(), dimensions, out.length));
        }
        if (out.length == 0) return;
        gate.enter();
        try {
            MappedTensor stored = new MappedTensor("(vectors)", "vectors", DType.F32, new Shape(rows, dimensions), vectors);
            kernels.kernels().matmul(new Matrix(queries, 0, count, dimensions), stored, new Matrix(out, 0, count, (int) rows));
        } finally {
            gate.leave();
        }
    }

    /** A digest that two models share if their vectors may be compared; 64 hexadecimal digits. */
    public String fingerprint() {
        return reading(fingerprint::hex);
    }

    /** The names of its tensors. */
    public TensorNames tensorNames() {
        return family.tensorNames();
    }

    /** The prompts that the folder names. */
    public Map<String, String> prompts() {
        return NamedPrompts.read(folder);
    }

    /** The folder, as it was given. */
    public Path folder() {
        return folder;
    }

    /** The name of the folder. */
    public String name() {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }

    /** How many numbers an embedding has. */
    public int dimensions() {
        return dimensions;
    }

    /** Whether the model scales every vector to unit length. */
    public boolean givesUnitVectors() {
        return givesUnitVectors;
    }

    /** Whether inputs may have images. */
    public boolean takesImages() {
        return takesImages;
    }

    /** The model's tokenizer. */
    public Tokenizer tokenizer() {
        return preparer.tokenizer();
    }

    /** The limit of an input in tokens. */
    public int maxTokens() {
        return preparer.maxTokens();
    }

    /** The kernels in use. */
    public KernelSelection kernels() {
        return kernels;
    }

    /** Counts since the model was opened, and what is waiting and reserved now. */
    public Statistics statistics() {
        PassQueue.Counts counts = passes.counts();
        return new Statistics(
                counts.inputs(), counts.tokens(), counts.tokensShared(), counts.tokensCached(), counts.images(), counts.passes(),
                waiting.count(), budget.bytesReserved(), budget.limit(), waiting.nanos(), counts.nanos());
    }

    /** Waits for running calls, then unmaps the weights and ends the threads. Closing twice is harmless. */
    @Override
    public void close() {
        close(null);
    }

    /**
     * The same; calls that still wait or run after a time end with {@link Failure.Closed}, at the next
     * layer of the pass.
     *
     * @param patience null for as long as it takes
     */
    public void close(Duration patience) {
        gate.close(patience, () -> {
            waiting.abort();
            budget.signalAll();
            passes.signalAll();
        }, () -> {
            budget.caches().clear();
            kernels.kernels().close();
            checkpoint.close();
        });
    }

    /** A call that reads the weights. Its result counts only if they are still what was opened. */
    private <T> T reading(Supplier<T> call) {
        gate.enter();
        try {
            checkpoint.check();
            T result = call.get();
            checkpoint.check();
            return result;
        } catch (InternalError e) {
            throw checkpoint.explained(e);
        } finally {
            gate.leave();
        }
    }
}
