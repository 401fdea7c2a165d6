package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;

/** Turns pieces into ids: the member {@code model} of {@code tokenizer.json}. Thread-safe. */
public sealed interface TokenModel permits BytePairModel, UnigramModel, WordPieceModel {
    /** The tokens of the model, without added tokens. */
    TokenTable tokens();

    /**
     * Returns an encoder with its own work buffers, for one thread. It appends the ids of every piece that it receives to {@code
     * out}.
     */
    SpanHandler encoder(IdBuffer out);
}
