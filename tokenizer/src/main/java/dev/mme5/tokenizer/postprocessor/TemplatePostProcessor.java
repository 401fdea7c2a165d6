package dev.mme5.tokenizer.postprocessor;

import dev.mme5.tokenizer.common.IdBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Adds special tokens in front of and after a text: the {@code single} template of TemplateProcessing. A text that is too long is cut
 * so that the tokens after it stay.
 */
public final class TemplatePostProcessor implements PostProcessor {
    private final int[] prefix;
    private final int[] suffix;
    private final Optional<PairTemplate> pair;

    /**
     * @param prefix ids in front of those of the text
     * @param suffix ids after those of the text
     * @param pair the template for two texts, if there is one
     */
    TemplatePostProcessor(int[] prefix, int[] suffix, Optional<PairTemplate> pair) {
        this.prefix = prefix;
        this.suffix = suffix;
        this.pair = pair;
    }

    @Override
    public void process(Consumer<IdBuffer> text, IdBuffer out) {
        out.addAll(prefix, prefix.length);
        out.reserve(suffix.length);
        text.accept(out);
        out.reserve(0);
        out.addAll(suffix, suffix.length);
    }

    @Override
    public int leastTokens() {
        return suffix.length == 0 ? 1 : prefix.length + 1 + suffix.length;
    }

    @Override
    public void processPair(Consumer<IdBuffer> first, Consumer<IdBuffer> second, IdBuffer out) {
        pair.orElseThrow(() -> new IllegalStateException("tokenizer.json has no template for pairs of texts")).process(first, second, out);
    }
}
