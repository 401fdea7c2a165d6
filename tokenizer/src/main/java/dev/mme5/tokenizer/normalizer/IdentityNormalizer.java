package dev.mme5.tokenizer.normalizer;

import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.Utf8;
import java.util.List;

/** Changes nothing: {@code "normalizer": null}. */
public final class IdentityNormalizer implements Normalizer {
    @Override
    public Normalizer afterLowercase() {
        return new TextNormalizer(List.of(new TextStep.Lowercase()));
    }

    @Override
    public void normalize(byte[] utf8, int from, int to, SpanHandler out) {
        out.span(utf8, from, to);
    }

    @Override
    public int leading(byte[] utf8, int from, int to) {
        return Utf8.length(utf8[from]);
    }
}
