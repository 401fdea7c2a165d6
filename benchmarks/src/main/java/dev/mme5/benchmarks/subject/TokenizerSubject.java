package dev.mme5.benchmarks.subject;

import dev.mme5.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;

/** Encodes a text to token ids on one thread. */
public final class TokenizerSubject implements BenchmarkSubject {
    private final Tokenizer tokenizer;
    private final String text;
    private final int bytes;
    private int[] ids;

    public TokenizerSubject(Tokenizer tokenizer, TokenizerText kind) {
        this.tokenizer = tokenizer;
        text = kind.text();
        bytes = text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void run() {
        ids = tokenizer.encodeRaw(text);
    }

    /** A byte-level vocabulary is lossless, so decoding must give the text. */
    @Override
    public void check() {
        if (!tokenizer.decode(ids).equals(text)) throw new IllegalStateException("the ids are not those of the text");
    }

    @Override
    public Workload workload() {
        return new Workload(0, bytes, bytes / 1e6, "MB");
    }
}
