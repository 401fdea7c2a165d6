package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.tokenizer.common.SpanHandler;

/** Splits nothing: {@code "pre_tokenizer": null}. */
public final class IdentityPreTokenizer implements PreTokenizer {
    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        pieces.span(utf8, from, to);
    }
}
