package dev.mme5.engine.family;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.TensorNames;
import java.nio.file.Path;
import java.util.Optional;

/** A kind of model, named by {@code model_type} of config.json. Stateless: one model of it is a {@link ModelArchitecture}. */
public interface ModelFamily {
    /** The value of {@code model_type}. */
    String modelType();

    /** The files of a model folder beside its weights. */
    ModelFiles files();

    /**
     * Whether a file of {@link ModelFiles#optional()} is read in a folder where it exists.
     *
     * @throws dev.mme5.json.ModelFormatException if a file that decides this is damaged
     */
    default boolean reads(Path folder, String optionalFile) {
        return true;
    }

    /**
     * A part of the fingerprint. Grows when other vectors than before are computed from the same model folder and text, by more than
     * rounding: those of an index made before must not be compared with them. How images are decoded does not count.
     */
    default int vectorsVersion() {
        return 1;
    }

    /** The names of its tensors: every other name here is a canonical one. */
    TensorNames tensorNames();

    /**
     * The string that is tokenised for a prompt.
     *
     * @param prompt as the user gave it, with a placeholder for each image
     * @throws RefusedInputException when the prompt does not have as many placeholders as there are images
     */
    String fullPrompt(String prompt, int images);

    /**
     * The part of the model that a tensor belongs to which no embedding reads, such as the head of a language model. Many folders
     * come without such tensors, so they do not count in the fingerprint.
     *
     * @param tensor canonical name
     * @return empty for tensors that may be read
     */
    Optional<String> unusedPartOf(String tensor);

    /**
     * One model, from its config.json.
     *
     * @throws ModelFormatException when the file is missing, contradicts itself, or asks for what the family cannot do
     */
    ModelArchitecture read(Path folder);
}
