package dev.mme5.tokenizer.postprocessor;

import dev.mme5.tokenizer.common.IdBuffer;
import java.util.function.Consumer;

/** Adds nothing: {@code null}, or ByteLevel, which changes offsets only. */
public final class IdentityPostProcessor implements PostProcessor {
    @Override
    public void process(Consumer<IdBuffer> text, IdBuffer out) {
        text.accept(out);
    }

    @Override
    public int leastTokens() {
        return 1;
    }

    @Override
    public void processPair(Consumer<IdBuffer> first, Consumer<IdBuffer> second, IdBuffer out) {
        first.accept(out);
        second.accept(out);
    }
}
