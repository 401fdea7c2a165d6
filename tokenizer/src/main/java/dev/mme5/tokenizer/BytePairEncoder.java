package dev.mme5.tokenizer;

import java.util.Arrays;

/**
 * From a piece to ids: as one token if the vocabulary has it and the file says {@code ignore_merges}, else as it was
 * merged before, else merged now.
 *
 * <p>Stage 3 of 4 of encoding. In: a piece of {@link Llama3PreTokenizer}. Out: its ids, some by way of {@link BytePairMerger}.
 */
final class BytePairEncoder {
    private final TokenTable tokens;
    private final boolean ignoreMerges;
    private final BytePairMerger merger;
    private final PieceCache cache = new PieceCache();
    private final int longestHashed;

    /**
     * @param ignoreMerges whether a piece that is a token as a whole is that token, even where the merges would not
     * make it
     */
    BytePairEncoder(TokenTable tokens, boolean ignoreMerges, BytePairMerger merger) {
        this.tokens = tokens;
        this.ignoreMerges = ignoreMerges;
        this.merger = merger;
        this.longestHashed = Math.max(PieceCache.LONGEST, tokens.longest());
    }

    /** Appends the ids of the piece {@code from} to {@code to}, which is not empty, to {@code out}. */
    void encode(byte[] text, int from, int to, SymbolList symbols, IdBuffer out) {
        int length = to - from;
        if (length > longestHashed) {
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
        int[] known = length <= PieceCache.LONGEST ? cache.get(text, from, to, hash) : null;
        if (known != null) {
            out.addAll(known, known.length);
            return;
        }
        merger.merge(text, from, to, symbols);
        out.addAll(symbols.ids(), symbols.count());
        if (length <= PieceCache.LONGEST) cache.put(text, from, to, hash, Arrays.copyOf(symbols.ids(), symbols.count()));
    }
}
