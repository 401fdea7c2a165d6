package dev.mme5.tokenizer.postprocessor;

import dev.mme5.tokenizer.common.IdBuffer;
import java.util.function.Consumer;

/** Adds nothing: {@code null}, or ByteLevel, which changes offsets only. */
public final class IdentityPostProcessor implements PostProcessor {
    @Override
    public void process(Consumer<IdBuffer> text, IdBuffer out) {
        text.accept(out);
    }
}
