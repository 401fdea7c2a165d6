package dev.mme5.tokenizer;

import java.util.Arrays;

/**
 * From a piece to ids: as one token if the vocabulary has it and the file says {@code ignore_merges}, else as it was
 * merged before, else merged now.
 *
 * <p>Stage 3 of 4 of encoding. In: a piece of {@link PreTokenizer}. Out: its ids, some by way of {@link BytePairMerger}.
 */
final class BytePairEncoder {
    private final ModelTokens tokens;
    private final boolean ignoreMerges;
    private final BytePairMerger merger;
    private final WordCache cache = new WordCache();
    private final int longestHashed;

    /**
     * @param ignoreMerges whether a piece that is a token as a whole is that token, even where the merges would not
     * make it
     */
    BytePairEncoder(ModelTokens tokens, boolean ignoreMerges, BytePairMerger merger) {
        this.tokens = tokens;
        this.ignoreMerges = ignoreMerges;
        this.merger = merger;
        this.longestHashed = Math.max(WordCache.LONGEST, tokens.longest());
    }

    /** Appends the ids of the piece {@code from} to {@code to}, which is not empty, to {@code out}. */
    void encode(byte[] text, int from, int to, Symbols symbols, IdBuffer out) {
        int length = to - from;
        if (length > longestHashed) {
            merger.merge(text, from, to, symbols);
            out.addAll(symbols.ids(), symbols.count());
            return;
        }

        int hash = ModelTokens.hash(text, from, to);
        int whole = ignoreMerges ? tokens.find(text, from, to, hash) : ModelTokens.ABSENT;
        if (whole != ModelTokens.ABSENT) {
            out.add(whole);
            return;
        }
        int[] known = length <= WordCache.LONGEST ? cache.get(text, from, to, hash) : null;
        if (known != null) {
            out.addAll(known, known.length);
            return;
        }
        merger.merge(text, from, to, symbols);
        out.addAll(symbols.ids(), symbols.count());
        if (length <= WordCache.LONGEST) cache.put(text, from, to, hash, Arrays.copyOf(symbols.ids(), symbols.count()));
    }
}
