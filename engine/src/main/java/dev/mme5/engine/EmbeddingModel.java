package dev.mme5.engine;

import dev.mme5.engine.runtime.KernelSelection;
import dev.mme5.engine.runtime.ModelInput;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.runtime.NamedPrompts;
import dev.mme5.engine.runtime.Outcome;
import dev.mme5.engine.runtime.waiting.AsyncCall;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.TensorNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * An embedding model, such as {@code intfloat/mmE5-mllama-11b-instruct}, opened from an unchanged Hugging Face folder: texts,
 * images, or both in, one unit vector each out.
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
 * {@link #close} unmaps them. Calls that do not fit into memory together wait for each other, in order of arrival. Interrupting a thread
 * ends its call soon with a {@link CancelledException} and leaves the model usable. All exceptions but those for mistakes of the calling
 * code extend {@link dev.mme5.json.Mme5Exception}.
 */
public final class EmbeddingModel implements AutoCloseable {
    private final ModelRuntime runtime;
    private final Options options;

    private EmbeddingModel(ModelRuntime runtime, Options options) {
        this.runtime = runtime;
        this.options = options;
    }

    /** Opens a model folder with the default options. */
    public static EmbeddingModel open(Path folder) {
        return open(folder, Options.defaults());
    }

    /**
     * Opens a model folder as the Hugging Face hub has it: config.json, whose {@code model_type} says which other files there are,
     * and model.safetensors or its shards with an index.
     *
     * @throws ModelFormatException when something about the folder is wrong; the message names the file and the place
     * @throws UnsuitableMachineException when {@link KernelChoice#VECTOR} is asked for and the module is missing, or when a text of 20
     *     tokens, or of {@link Options#maxTokens} if that is set, needs more memory than there is; the message has the numbers
     */
    public static EmbeddingModel open(Path folder, Options options) {
        return open(folder, options, ProgressListener.NONE);
    }

    /**
     * As above. Where {@link Options#verify} asks for it, the weights are hashed first, which takes as long as reading them.
     *
     * @param verifying receives how many megabytes of the weights are verified, and of how many
     * @throws CancelledException when the thread is interrupted while the weights are verified
     */
    public static EmbeddingModel open(Path folder, Options options, ProgressListener verifying) {
        return open(folder, options, verifying, ModelRuntime.Environment.standard());
    }

    static EmbeddingModel open(Path folder, Options options, ProgressListener verifying, ModelRuntime.Environment environment) {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(verifying, "verifying");
        return new EmbeddingModel(
                Failures.translatingOpen(() -> ModelRuntime.open(folder, options.forRuntime(), verifying::progress, environment)), options);
    }

    /**
     * Embeds one input. While other threads do the same, the engine packs their inputs into passes.
     *
     * @throws InputException when this input cannot be embedded
     * @throws BusyException when it would have to wait longer than {@link Options#maxWait}, or behind {@link Options#maxWaiting} calls
     * @throws CancelledException when the thread is interrupted
     * @throws ModelClosedException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public Embedding embed(Input input) {
        Objects.requireNonNull(input, "input");
        return embedAll(List.of(input), ProgressListener.NONE).getFirst();
    }

    /**
     * Embeds one input on a virtual thread. The future ends with what {@link #embed} returns or throws. Cancelling it, or completing it in
     * another way, such as by {@link CompletableFuture#orTimeout}, takes the input out of the queue or, if it is alone in its pass, ends
     * the pass soon.
     */
    public CompletableFuture<Embedding> embedAsync(Input input) {
        Objects.requireNonNull(input, "input");
        return AsyncCall.start(() -> embed(input));
    }

    /**
     * Embeds inputs, in order; faster than one by one, with the same bits.
     *
     * @throws InputException when an input cannot be embedded: the first such one, which {@link InputException#index} names
     * @throws ModelClosedException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public List<Embedding> embedAll(List<Input> inputs) {
        return embedAll(inputs, ProgressListener.NONE);
    }

    /**
     * As above.
     *
     * @param listener receives how many inputs are done
     * @throws InputException when an input cannot be embedded: the first such one, which {@link InputException#index} names
     * @throws ModelClosedException when the model is closed
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
     * Embeds all inputs that can be, in order; the result of one that fails is its error.
     *
     * @throws ModelClosedException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public List<EmbeddingResult> tryEmbedAll(List<Input> inputs, ProgressListener listener) {
        Objects.requireNonNull(listener, "listener");
        for (Input input : Objects.requireNonNull(inputs, "inputs")) Objects.requireNonNull(input, "input");
        List<ModelInput> all = inputs.stream().map(Input::forRuntime).toList();
        List<Outcome> outcomes = Failures.translating(() -> runtime.embed(all, listener::progress));
        return IntStream.range(0, outcomes.size()).mapToObj(i -> result(outcomes.get(i), i)).toList();
    }

    private static EmbeddingResult result(Outcome outcome, int index) {
        return switch (outcome) {
            case Outcome.Embedded embedded -> new EmbeddingResult(embedding(embedded), null);
            case Outcome.Refused refused -> new EmbeddingResult(null, InputException.of(refused.error(), index));
        };
    }

    /**
     * How many tokens an input has before any are cut off, special tokens included. More than {@link #maxTokens}, or than the input's own
     * limit, are cut off or refused, as {@link Options#refuseTooLong} says. Images are not read.
     *
     * @throws InputException when the prompt cannot be embedded
     * @throws ModelClosedException when the model is closed
     */
    public int countTokens(Input input) {
        Objects.requireNonNull(input, "input");
        return Failures.translating(() -> runtime.countTokens(input.forRuntime()));
    }

    /**
     * Embeds a text and, where the model takes images, an image, and forgets them: reads all weights from disk once and lets the JVM
     * compile the kernels, so that the first input of a user does not wait for that.
     *
     * @throws ModelClosedException when the model is closed
     * @throws ModelFormatException when a file of the weights was written to or cannot be read any more
     */
    public void warmUp() {
        Failures.translating(() -> runtime.embed(WarmUp.inputs(), (done, total) -> {}));
    }

    static Embedding embedding(Outcome.Embedded embedded) {
        return new Embedding(embedded.values(), embedded.tokens(), embedded.sharedTokens(), embedded.truncated());
    }

    /**
     * 64 hexadecimal digits that say whose vectors this model's can be compared with: models with the same digits give the same
     * vectors for the same inputs. They depend on the files of the folder, a sample of each tensor, and the options that change
     * vectors ({@link Options#maxTokens}, {@link Options#applyExif}, {@link Options#dropDuplicateBos}), not on the folder's
     * name, the sharding, or the kernels.
     *
     * @throws ModelClosedException when the model is closed
     */
    public String fingerprint() {
        return Failures.translating(runtime::fingerprint);
    }

    /** The options that it was opened with. */
    public Options options() {
        return options;
    }

    /**
     * The prompts that the folder names, such as {@code query} for {@code "query: "}; empty for most models. A model that was trained
     * with them expects one in front of every text, and none is added by itself: {@code Input.text(model.prompts().get("query") + text)}.
     *
     * @throws ModelFormatException when config_sentence_transformers.json, where they stand, is damaged
     */
    public Map<String, String> prompts() {
        return runtime.prompts();
    }

    /**
     * {@link #prompts()} of a folder, without opening the model.
     *
     * @throws ModelFormatException when config_sentence_transformers.json, where they stand, is damaged
     */
    public static Map<String, String> prompts(Path folder) {
        return NamedPrompts.read(folder);
    }

    /** The name of its folder. */
    public String name() {
        return runtime.name();
    }

    TensorNames tensorNames() {
        return runtime.tensorNames();
    }

    /** How many numbers an embedding has. */
    public int dimensions() {
        return runtime.dimensions();
    }

    /**
     * Whether every embedding has unit length, because the model's files say that it is scaled. Most models do that; where this is false,
     * {@link Embedding#unit} scales one, and dot products are no cosines.
     */
    public boolean givesUnitVectors() {
        return runtime.givesUnitVectors();
    }

    /** Whether inputs may have images. Text encoders refuse them. */
    public boolean takesImages() {
        return runtime.takesImages();
    }

    /** Longest input in tokens; what is longer is cut off, or refused if the options say so. */
    public int maxTokens() {
        return runtime.maxTokens();
    }

    /** The kernels in use: {@link KernelChoice#VECTOR} or {@link KernelChoice#SCALAR}, also where the options say AUTO. */
    public KernelChoice kernelChoice() {
        return runtime.kernels().policy() == KernelSelection.Policy.VECTOR ? KernelChoice.VECTOR : KernelChoice.SCALAR;
    }

    /** What runs it, for {@link ModelTools}. */
    ModelRuntime runtime() {
        return runtime;
    }

    /** The kernels in use, for people, such as "vector, 512 bit, 2 threads"; programs ask {@link #kernelChoice}. */
    public String kernels() {
        return runtime.kernels().kernels().description();
    }

    /** What the model has done since it was opened, and what it does now. Costs nothing; never waits for a call. */
    public ModelStatistics statistics() {
        return ModelStatistics.of(runtime.statistics());
    }

    /** Waits for running calls, then unmaps the weights and ends the threads. Closing twice is harmless. */
    @Override
    public void close() {
        runtime.close();
    }

    /**
     * The same, with a limit: calls that still wait or run after that time end soon with a {@link ModelClosedException}, and so do calls
     * that are made meanwhile. Returns when all have ended. If the thread is interrupted, the time is over.
     *
     * @param patience how long calls may go on
     */
    public void close(Duration patience) {
        runtime.close(Objects.requireNonNull(patience, "patience"));
    }
}
