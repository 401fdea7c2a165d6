package dev.mme5.tokenizer.postprocessor;

import dev.mme5.tokenizer.common.IdBuffer;
import java.util.function.Consumer;

/** Adds special tokens to the ids of a text: the member {@code post_processor} of {@code tokenizer.json}. Thread-safe. */
public sealed interface PostProcessor permits IdentityPostProcessor, TemplatePostProcessor {
    /**
     * Appends the ids of a text and the special tokens around them.
     *
     * @param text appends the ids of the text alone; called once
     */
    void process(Consumer<IdBuffer> text, IdBuffer out);

    /** The least maximum that keeps all tokens around a text and one of the text; 1 if none follow the text: then nothing is kept. */
    int leastTokens();

    /**
     * Appends the ids of two texts and the special tokens around and between them.
     *
     * @throws IllegalStateException if the file says nothing about pairs
     */
    void processPair(Consumer<IdBuffer> first, Consumer<IdBuffer> second, IdBuffer out);
}
