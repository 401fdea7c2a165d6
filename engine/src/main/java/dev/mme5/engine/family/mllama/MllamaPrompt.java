package dev.mme5.engine.family.mllama;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.RefusedInputException;

/** The strings that a prompt is made of (reference section 9.1). */
final class MllamaPrompt {
    static final String IMAGE_TOKEN = "<|image|>";
    static final String BEGIN_OF_TEXT = "<|begin_of_text|>";

    private MllamaPrompt() {}

    /**
     * The tokens before a plain text: {@code <|image|>} for each image, then {@code <|begin_of_text|>}. With images, the prompt begins with
     * them.
     */
    static String plainHead(String prompt, int images) {
        String head = IMAGE_TOKEN.repeat(images) + BEGIN_OF_TEXT;
        if (images == 0 || prompt.startsWith(head)) return head;
        throw new RefusedInputException(Refusal.SPECIAL_TOKEN, "without special tokens, a prompt must begin with " + head);
    }

    /**
     * The string that is tokenised: unchanged if it contains {@code <|begin_of_text|>} anywhere, else with that token after the
     * {@code <|image|>} tokens at its very start.
     */
    static String full(String prompt, int images) {
        int found = 0;
        for (int at = prompt.indexOf(IMAGE_TOKEN); at >= 0; at = prompt.indexOf(IMAGE_TOKEN, at + IMAGE_TOKEN.length())) found++;
        if (found != images) {
            throw new RefusedInputException(Refusal.BAD_PROMPT,
                    "the prompt has %d %s for %d image%s".formatted(found, IMAGE_TOKEN, images, images == 1 ? "" : "s"));
        }
        if (prompt.contains(BEGIN_OF_TEXT)) return prompt;
        int rest = 0;
        while (prompt.startsWith(IMAGE_TOKEN, rest)) rest += IMAGE_TOKEN.length();
        return prompt.substring(0, rest) + BEGIN_OF_TEXT + prompt.substring(rest);
    }
}
