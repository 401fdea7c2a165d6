package dev.mme5.tokenizer.postprocessor;

import dev.mme5.tokenizer.common.IdBuffer;
import java.util.List;
import java.util.function.Consumer;

/** The {@code pair} template: special tokens around and between two texts A and B. */
final class PairTemplate {
    private final List<Part> parts;

    PairTemplate(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Special tokens, or the place of a text. */
    sealed interface Part {
        /** Ids of special tokens. */
        record Special(int[] ids) implements Part {}

        /** A text: the first or the second. */
        record Text(boolean isSecond) implements Part {}
    }

    /** Special tokens in front of, between and after the texts. */
    static PairTemplate of(int[] prefix, int[] separator, int[] suffix) {
        return new PairTemplate(List.of(new Part.Special(prefix), new Part.Text(false), new Part.Special(separator), new Part.Text(true),
                new Part.Special(suffix)));
    }

    void process(Consumer<IdBuffer> first, Consumer<IdBuffer> second, IdBuffer out) {
        for (Part part : parts) {
            switch (part) {
                case Part.Special special -> out.addAll(special.ids(), special.ids().length);
                case Part.Text text -> (text.isSecond() ? second : first).accept(out);
            }
        }
    }
}
