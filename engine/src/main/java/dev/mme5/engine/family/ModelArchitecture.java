package dev.mme5.engine.family;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One model as its config.json describes it. Needs no weights, so that a folder can be inspected and its memory estimated first. */
public interface ModelArchitecture {
    /** How many numbers an embedding has. */
    int dimensions();

    /** The longest sequence in tokens. */
    int maxTokens();

    /** Whether inputs may have images. */
    default boolean takesImages() {
        return true;
    }

    /** How the states of an input's tokens become its vector: the vectors of these modes, one after the other. */
    List<SequencePooling> pooling();

    /** Whether every vector has unit length, because the model scales it; else they have any length. */
    boolean givesUnitVectors();

    /** What the configuration says, for people; nothing may be decided by these texts. */
    List<Trait> traits();

    /** What the configuration leaves to the defaults of the reference implementation, in the order of reading. */
    List<ConfigSection.Default> defaultsUsed();

    /**
     * The folder's other small files, read and found to fit together and to this configuration.
     *
     * @param dropDuplicateBos whether to leave out a begin-of-text token that the tokenizer would add to one that is there already
     * @throws ModelFormatException when a file is missing or damaged, or two of them contradict each other
     */
    InputProcessor inputProcessor(Path folder, boolean dropDuplicateBos);

    /**
     * Checks the files that this family has beside config.json and the tokenizer, whatever is wrong with those.
     *
     * @throws ModelFormatException when one is missing or damaged
     */
    void checkOtherFiles(Path folder);

    /**
     * The forward pass.
     *
     * @param weights by canonical name
     * @throws ModelFormatException when a tensor is missing or misshapen
     */
    EmbeddingNetwork load(Weights weights, Kernels kernels);

    /** The memory of a forward pass. */
    PassMemory passMemory();

    /**
     * The part of the model that a tensor belongs to, for reports.
     *
     * @param tensor canonical name of a tensor that {@link #load} asks for
     */
    String partOf(String tensor);

    /** Whether a weight may be stored with fewer bits: it is multiplied with activations, or a large table. */
    boolean isQuantizable(String tensor);

    /** Where the activations come from that a weight is multiplied with; empty where other weights say nothing about them. */
    Optional<WeightInput> inputOf(String tensor);

    /**
     * A line of description.
     *
     * @param name such as {@code text decoder}
     * @param value in words and numbers
     */
    record Trait(String name, String value) {}
}
