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
    public void split(byte[] utf8, int from, int to, SpanHandler pieces) {
        first.split(utf8, from, to, (text, start, end) -> second.split(text, start, end, pieces));
    }
}
