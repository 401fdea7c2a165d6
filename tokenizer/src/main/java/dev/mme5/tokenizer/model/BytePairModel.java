package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;
import java.util.Arrays;

/**
 * Byte-level BPE. A piece becomes one token if the vocabulary contains it and the file says {@code ignore_merges}. Otherwise its ids
 * come from the cache of merged pieces or from {@link BytePairMerger}.
 */
public final class BytePairModel implements TokenModel {
    private final TokenTable tokens;
    private final boolean ignoreMerges;
    private final BytePairMerger merger;
    private final PieceCache cache = new PieceCache();
    private final int maxHashedLength;   // a longer piece is neither a token nor cached

    /** @param ignoreMerges whether a piece that is a token becomes that token even if the merges would not make it */
    BytePairModel(TokenTable tokens, boolean ignoreMerges, BytePairMerger merger) {
        this.tokens = tokens;
        this.ignoreMerges = ignoreMerges;
        this.merger = merger;
        this.maxHashedLength = Math.max(PieceCache.MAX_LENGTH, tokens.maxLength());
    }

    @Override
    public TokenTable tokens() {
        return tokens;
    }

    @Override
    public SpanHandler encoder(IdBuffer out) {
        SymbolList symbols = new SymbolList();
        return (text, from, to) -> encode(text, from, to, symbols, out);
    }

    private void encode(byte[] text, int from, int to, SymbolList symbols, IdBuffer out) {
        int length = to - from;
        if (length > maxHashedLength) {
            merger.merge(text, from, to, symbols);
            out.addAll(symbols.ids(), symbols.count());
            return;
        }

        int hash = TokenTable.hash(text, from, to);
        int whole = ignoreMerges ? tokens.find(text, from, to, hash) : TokenTable.ABSENT;
        if (whole != TokenTable.ABSENT) {
            out.add(whole);
            return;
        }
        int[] cached = length <= PieceCache.MAX_LENGTH ? cache.get(text, from, to, hash) : null;
        if (cached != null) {
            out.addAll(cached, cached.length);
            return;
        }
        merger.merge(text, from, to, symbols);
        out.addAll(symbols.ids(), symbols.count());
        if (length <= PieceCache.MAX_LENGTH) cache.put(text, from, to, hash, Arrays.copyOf(symbols.ids(), symbols.count()));
    }
}
