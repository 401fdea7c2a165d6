package dev.mme5.engine;

import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelInput;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An input to embed: a prompt, with a placeholder {@code <|image|>} for each of its images.
 *
 * <p>mmE5 was trained with instructions that end in a newline, such as {@code "Find me an everyday image that matches the
 * given caption: A cat and a dog.\n"}, and with plain targets that do not; both go through {@link #text} as they are.
 *
 * @param prompt the prompt as given, before the rule for the begin-of-text token ({@link #fullPrompt})
 * @param images one for every {@code <|image|>} of the prompt, in order
 * @param maxTokens maximum of tokens, or 0 for the model's own limit
 * @param isPlain whether special tokens in the text are taken as text ({@link #withoutSpecialTokens})
 */
public record Input(String prompt, List<ImageSource> images, int maxTokens, boolean isPlain) {
    /** The placeholder of an image in a prompt. */
    public static final String IMAGE_TOKEN = "<|image|>";

    /** The token that every prompt of mmE5 contains; it is added where it is missing. */
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    /** The instruction for an image that comes without words. */
    public static final String STANDARD_INSTRUCTION = "Represent the given image.\n";

    private static final String DECODED = "image";

    public Input {
        Objects.requireNonNull(prompt, "prompt");
        for (ImageSource image : Objects.requireNonNull(images, "images")) Objects.requireNonNull(image, "image");
        images = List.copyOf(images);
        if (maxTokens < 0) throw new IllegalArgumentException("maxTokens is " + maxTokens);
    }

    /** An input in whose prompt special tokens are recognised. */
    public Input(String prompt, List<ImageSource> images, int maxTokens) {
        this(prompt, images, maxTokens, false);
    }

    /** A text alone. Special tokens in it, such as {@code <|image|>}, are recognised, as the reference does; see {@link #literal}. */
    public static Input text(String text) {
        return new Input(Objects.requireNonNull(text, "text"), List.of(), 0);
    }

    /** A text alone, taken as it is written: what looks like a special token in it, such as {@code <|image|>}, is text. */
    public static Input literal(String text) {
        return text(text).withoutSpecialTokens();
    }

    /** An image file with the standard instruction. */
    public static Input image(Path file) {
        return image(ImageSource.of(file));
    }

    /** The bytes of an image file, with the standard instruction. */
    public static Input image(byte[] file) {
        return image(ImageSource.of(file));
    }

    /** A decoded image with the standard instruction. */
    public static Input image(BufferedImage image) {
        return image(ImageSource.of(image));
    }

    /** One image, or several, with the standard instruction. */
    public static Input image(ImageSource first, ImageSource... more) {
        List<ImageSource> images = new ArrayList<>();
        images.add(first);
        images.addAll(Arrays.asList(more));
        return images(images, STANDARD_INSTRUCTION);
    }

    /** Images with words: {@code <|image|>} for each, then {@code <|begin_of_text|>}, then the text. Without images the text alone. */
    public static Input images(List<ImageSource> images, String text) {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(text, "text");
        return new Input(IMAGE_TOKEN.repeat(images.size()) + (images.isEmpty() ? "" : BEGIN_OF_TEXT) + text, images, 0);
    }

    /** A prompt taken as it is, with {@code <|image|>} for each of its images. */
    public static Input prompt(String prompt, ImageSource... images) {
        return new Input(prompt, Arrays.asList(Objects.requireNonNull(images, "images")), 0);
    }

    /** The same input, cut off after that many tokens; 0 for the model's own limit. */
    public Input withMaxTokens(int tokens) {
        return new Input(prompt, images, tokens, isPlain);
    }

    /**
     * The same input with its text as it is written: {@code <|image|>} and other special tokens in it are text, so that a document
     * about the model can be embedded. For inputs of {@link #text}, {@link #image} and {@link #images}; the reference recognises special
     * tokens anywhere.
     */
    public Input withoutSpecialTokens() {
        return new Input(prompt, images, maxTokens, true);
    }

    /**
     * The string that is tokenised by models that mark a prompt with {@code <|begin_of_text|>}, as mmE5 does: unchanged when it
     * contains that token anywhere, else with it after the {@code <|image|>} placeholders at its very start.
     *
     * @throws InputException when there are not as many placeholders as images
     */
    public String fullPrompt() {
        return fullPrompt(ModelFamilies.ALL.standard());
    }

    /**
     * The string that the model of a folder tokenises.
     *
     * @param modelFolder its config.json names the family; without one it is that of {@link #fullPrompt()}
     * @throws InputException when there are not as many placeholders as images
     */
    public String fullPrompt(Path modelFolder) {
        Objects.requireNonNull(modelFolder, "modelFolder");
        return fullPrompt(ModelFamilies.ALL.ofFolder(modelFolder));
    }

    private String fullPrompt(ModelFamily family) {
        try {
            if (isPlain) return images.isEmpty() ? family.fullPrompt("", 0) + prompt : prompt;
            return family.fullPrompt(prompt, images.size());
        } catch (RefusedInputException e) {
            throw InputException.of(e, 0);
        }
    }

    /** The same for the runtime. */
    ModelInput forRuntime() {
        List<ModelInput.Image> forRuntime = images.isEmpty() ? List.of() : images.stream().map(Input::forRuntime).toList();
        return new ModelInput(prompt, forRuntime, maxTokens, isPlain);
    }

    private static ModelInput.Image forRuntime(ImageSource source) {
        return switch (source) {
            case ImageSource.File(Path path) ->
                    new ModelInput.Image(path.toString(), (decoder, heap) -> decoder.decode(path, heap));
            case ImageSource.Bytes(byte[] bytes, String name) ->
                    new ModelInput.Image(name, (decoder, heap) -> decoder.decode(bytes, name, heap), bytes.length);
            case ImageSource.Decoded(BufferedImage image) ->
                    new ModelInput.Image(
                            DECODED, (decoder, heap) -> decoder.convert(image, DECODED, heap), 4L * image.getWidth() * image.getHeight());
        };
    }
}
