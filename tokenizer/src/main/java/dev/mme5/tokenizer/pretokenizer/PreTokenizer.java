package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.tokenizer.common.SpanHandler;

/** Splits normalised text into pieces: the member {@code pre_tokenizer} of {@code tokenizer.json}. Thread-safe. */
public sealed interface PreTokenizer
        permits BertPreTokenizer, IdentityPreTokenizer, Llama3PreTokenizer, MetaspacePreTokenizer, PreTokenizerSequence,
        WhitespacePreTokenizer {
    /**
     * Splits one span.
     *
     * @param utf8 well-formed; not changed
     * @param leading bytes of it that come from the first character of the whole text
     * @param pieces receives the pieces in order
     */
    void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces);

    /** Whether it does something else at the beginning of the whole text. */
    default boolean dependsOnStart() {
        return false;
    }

    /** Whether its pieces are of another text than the one that it splits. */
    default boolean writesText() {
        return false;
    }
}
