package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.tokenizer.common.SpanHandler;

/** Sequence: the second pre-tokenizer splits the pieces of the first. */
public final class PreTokenizerSequence implements PreTokenizer {
    private final PreTokenizer first;
    private final PreTokenizer second;

    PreTokenizerSequence(PreTokenizer first, PreTokenizer second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        first.split(utf8, from, to, leading, (text, start, end) -> {
            // The first step may write another text: then only its first piece leads.
            int stillLeading = text == utf8 ? leading - (start - from) : start == 0 ? leading : 0;
            second.split(text, start, end, Math.max(0, stillLeading), pieces);
        });
    }

    @Override
    public boolean dependsOnStart() {
        return first.dependsOnStart() || second.dependsOnStart();
    }

    @Override
    public boolean writesText() {
        return first.writesText() || second.writesText();
    }
}
