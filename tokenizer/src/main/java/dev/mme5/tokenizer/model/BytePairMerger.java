package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.common.IntPairMap;

/**
 * Merges the bytes of a piece to tokens: starts from single bytes and repeatedly merges the adjacent pair of the lowest rank, the
 * leftmost if there are several, until no pair has a rank. Candidates are in a priority queue and symbols in a linked list, so the
 * time is n log n in the length of the piece.
 */
final class BytePairMerger {
    private final int[] byteIds = new int[256];
    private final IntPairMap merges;

    /** @param merges (left id, right id) to {@code rank << 32 | merged id} */
    BytePairMerger(TokenTable tokens, IntPairMap merges) {
        this.merges = merges;
        for (int b = 0; b < byteIds.length; b++) byteIds[b] = tokens.id(String.valueOf(ByteAlphabet.character(b)));
    }

    /** Merges the bytes of one piece, which is not empty. The ids are in {@code symbols} afterwards. */
    void merge(byte[] text, int from, int to, SymbolList symbols) {
        symbols.clear(to - from);
        for (int i = from; i < to; i++) symbols.append(byteIds[text[i] & 0xFF]);
        for (int i = 0; i + 1 < to - from; i++) updateCandidate(i, symbols);

        while (symbols.hasCandidates()) {
            long best = symbols.removeCandidate();
            int left = (int) best;
            if (symbols.rank(left) != (int) (best >>> 32)) continue;   // stale: one symbol of the pair was merged since

            symbols.mergeWithNext(left);
            updateCandidate(left, symbols);
            if (left > 0) updateCandidate(symbols.previous(left), symbols);
        }
        symbols.compact();
    }

    private void updateCandidate(int left, SymbolList symbols) {
        int right = symbols.next(left);
        long merge = right == SymbolList.END ? IntPairMap.ABSENT : merges.get(symbols.id(left), symbols.id(right));
        if (merge == IntPairMap.ABSENT) {
            symbols.setUnmergeable(left);
        } else {
            symbols.setMerge(left, (int) (merge >>> 32), (int) merge);
        }
    }
}
