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
     * @param pieces receives the pieces in order
     */
    void split(byte[] utf8, int from, int to, SpanHandler pieces);
}
