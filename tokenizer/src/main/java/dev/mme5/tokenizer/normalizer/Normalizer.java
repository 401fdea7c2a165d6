package dev.mme5.tokenizer.normalizer;

import dev.mme5.tokenizer.common.SpanHandler;

/** Changes a text before it is split: the member {@code normalizer} of {@code tokenizer.json}. Thread-safe. */
public sealed interface Normalizer permits IdentityNormalizer, TextNormalizer {
    /**
     * Normalises one span.
     *
     * @param utf8 well-formed; not changed
     * @param out receives the normalised text, if any is left
     */
    void normalize(byte[] utf8, int from, int to, SpanHandler out);

    /** How many bytes at the beginning of the normalised span come from the first character of the span; 0 if it was deleted. */
    int leading(byte[] utf8, int from, int to);

    /** This normaliser behind Lowercase, unless it has that step: what sentence-transformers makes of {@code do_lower_case}. */
    Normalizer afterLowercase();
}
