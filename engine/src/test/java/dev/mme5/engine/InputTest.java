package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputTest {
    private static final ImageSource IMAGE = ImageSource.of(Path.of("cat.png"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            0|a cat|{begin_of_text}a cat
            0|''|{begin_of_text}
            0|a {begin_of_text} cat|a {begin_of_text} cat
            1|{image}what|{image}{begin_of_text}what
            2|{image}{image}what|{image}{image}{begin_of_text}what
            2|{image} {image}what|{image}{begin_of_text} {image}what
            1|see {image}|{begin_of_text}see {image}
            1|{image}{begin_of_text}what|{image}{begin_of_text}what
            """)
    void beginOfTextFollowsTheImagesAtTheStart(int images, String given, String full) {
        Input input = new Input(tokens(given), Collections.nCopies(images, IMAGE), 0);

        assertThat(input.fullPrompt()).isEqualTo(tokens(full));
    }

    @ParameterizedTest
    @CsvSource({"0, {image}, the prompt has 1 {image} for 0 images", "1, what, the prompt has 0 {image} for 1 image",
        "3, {image}{image}, the prompt has 2 {image} for 3 images"})
    void placeholdersMustBeAsManyAsImages(int images, String prompt, String message) {
        Input input = new Input(tokens(prompt), Collections.nCopies(images, IMAGE), 0);

        assertThatThrownBy(input::fullPrompt).isInstanceOf(InputException.class).hasMessage(tokens(message));
    }

    @Test
    void imagesHaveTheStandardInstructionOrAnother() {
        assertThat(Input.image(IMAGE, IMAGE).prompt()).isEqualTo("<|image|><|image|><|begin_of_text|>Represent the given image.\n");
        assertThat(Input.images(List.of(IMAGE), "What is it?\n").fullPrompt()).isEqualTo("<|image|><|begin_of_text|>What is it?\n");
        assertThat(Input.images(List.of(), "a cat")).isEqualTo(Input.text("a cat"));
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> Input.text("a").withMaxTokens(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxTokens is -1");
    }

    /** A bar divides the columns of these tables, so the tokens are written in braces. */
    private static String tokens(String text) {
        return text.replace("{", "<|").replace("}", "|>");
    }
}
