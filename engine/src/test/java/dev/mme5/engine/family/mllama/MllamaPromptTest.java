package dev.mme5.engine.family.mllama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.family.RefusedInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** I stands for the image token, B for the begin-of-text token. */
class MllamaPromptTest {
    @ParameterizedTest
    @CsvSource({
        "a,      0, Ba",
        "Ba,     0, Ba",
        "aB,     0, aB",   // anywhere
        "Ia,     1, IBa",  // after the image tokens at the start
        "IIa,    2, IIBa",
        "aI,     1, BaI",
        "IaI,    2, IBaI",
        "IBa,    1, IBa",
        "'',     0, B"
    })
    void theBeginOfTextTokenIsPutAfterLeadingImageTokens(String prompt, int images, String full) {
        assertThat(MllamaPrompt.full(written(prompt), images)).isEqualTo(written(full));
    }

    @ParameterizedTest
    @CsvSource({
        "a,   1, the prompt has 0 I for 1 image",
        "Ia,  0, the prompt has 1 I for 0 images",
        "IIa, 3, the prompt has 2 I for 3 images"
    })
    void aPromptNeedsAnImageTokenForEachImage(String prompt, int images, String message) {
        assertThatThrownBy(() -> MllamaPrompt.full(written(prompt), images))
                .isInstanceOf(RefusedInputException.class)
                .hasMessage(message.replace(" I ", " <|image|> "));
    }

    private static String written(String prompt) {
        return prompt.replace("I", MllamaPrompt.IMAGE_TOKEN).replace("B", MllamaPrompt.BEGIN_OF_TEXT);
    }
}
