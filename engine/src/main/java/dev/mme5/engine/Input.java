package dev.mme5.engine;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What is to be embedded: a prompt and the pictures that its {@code <|image|>} marks stand for.
 *
 * <p>mmE5 was trained with instructions that end in a newline, such as {@code "Find me an everyday image that matches the
 * given caption: A cat and a dog.\n"}, and with plain targets that do not; both go through {@link #text} as they are.
 *
 * @param prompt the prompt as given, before the rule for the begin-of-text token ({@link #fullPrompt})
 * @param pictures one for every {@code <|image|>} of the prompt, in order
 * @param maxTokens how many tokens to keep at most, or 0 for the model's own limit
 */
public record Input(String prompt, List<ImageSource> pictures, int maxTokens) {
    /** The token that marks where a picture is seen. */
    public static final String IMAGE_TOKEN = "<|image|>";

    /** The token that every prompt contains. */
    public static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    /** What mmE5 is told about a picture that comes without words. */
    public static final String STANDARD_INSTRUCTION = "Represent the given image.\n";

    public Input {
        Objects.requireNonNull(prompt, "prompt");
        pictures = List.copyOf(pictures);
        if (maxTokens < 0) throw new IllegalArgumentException("maxTokens is " + maxTokens);
    }

    /** A text alone. */
    public static Input text(String text) {
        return new Input(text, List.of(), 0);
    }

    /** A picture file with the standard instruction. */
    public static Input image(Path file) {
        return image(ImageSource.of(file));
    }

    /** The bytes of a picture file, with the standard instruction. */
    public static Input image(byte[] file) {
        return image(ImageSource.of(file));
    }

    /** A decoded image with the standard instruction. */
    public static Input image(BufferedImage image) {
        return image(ImageSource.of(image));
    }

    /** Pictures with the standard instruction. */
    public static Input image(ImageSource... pictures) {
        return images(List.of(pictures), STANDARD_INSTRUCTION);
    }

    /** Pictures with words: {@code <|image|>} for each, then {@code <|begin_of_text|>}, then the text. */
    public static Input images(List<ImageSource> pictures, String text) {
        return new Input(IMAGE_TOKEN.repeat(pictures.size()) + (pictures.isEmpty() ? "" : BEGIN_OF_TEXT) + text, pictures, 0);
    }

    /** A prompt to be taken as it is, with {@code <|image|>} where its pictures stand. */
    public static Input prompt(String prompt, ImageSource... pictures) {
        return new Input(prompt, List.of(pictures), 0);
    }

    /** The same input, cut after so many tokens; 0 for the model's own limit. */
    public Input withMaxTokens(int tokens) {
        return new Input(prompt, pictures, tokens);
    }

    /**
     * The string that is tokenised (reference section 9.1): unchanged when it contains {@code <|begin_of_text|>} anywhere, else
     * with that token put behind the {@code <|image|>} marks at its very start.
     *
     * @throws InputException when the marks are not as many as the pictures
     */
    public String fullPrompt() {
        int marks = 0;
        for (int at = prompt.indexOf(IMAGE_TOKEN); at >= 0; at = prompt.indexOf(IMAGE_TOKEN, at + IMAGE_TOKEN.length())) marks++;
        if (marks != pictures.size()) {
            throw new InputException("the prompt has %d %s for %d picture%s"
                    .formatted(marks, IMAGE_TOKEN, pictures.size(), pictures.size() == 1 ? "" : "s"));
        }
        if (prompt.contains(BEGIN_OF_TEXT)) return prompt;
        int rest = 0;
        while (prompt.startsWith(IMAGE_TOKEN, rest)) rest += IMAGE_TOKEN.length();
        return prompt.substring(0, rest) + BEGIN_OF_TEXT + prompt.substring(rest);
    }
}
