package dev.mme5.tokenizer.normalizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.tokenizer.common.SpanHandler;
import java.util.ArrayList;
import java.util.List;

/** Runs the text through steps in order: one kind of normaliser, or a Sequence of them. */
public final class TextNormalizer implements Normalizer {
    private final List<TextStep> steps;

    TextNormalizer(List<TextStep> steps) {
        this.steps = List.copyOf(steps);
    }

    @Override
    public Normalizer afterLowercase() {
        if (steps.contains(new TextStep.Lowercase())) return this;
        List<TextStep> all = new ArrayList<>(steps);
        all.addFirst(new TextStep.Lowercase());
        return new TextNormalizer(all);
    }

    @Override
    public void normalize(byte[] utf8, int from, int to, SpanHandler out) {
        String text = new String(utf8, from, to - from, UTF_8);
        for (TextStep step : steps) text = step.apply(text);
        byte[] normalized = text.getBytes(UTF_8);
        if (normalized.length > 0) out.span(normalized, 0, normalized.length);
    }

    @Override
    public int leading(byte[] utf8, int from, int to) {
        String text = new String(utf8, from, to - from, UTF_8);
        int leading = Character.charCount(text.codePointAt(0));
        for (TextStep step : steps) {
            leading = leading == 0 ? 0 : step.leading(text, leading);
            text = step.apply(text);
        }
        return text.substring(0, leading).getBytes(UTF_8).length;
    }
}
