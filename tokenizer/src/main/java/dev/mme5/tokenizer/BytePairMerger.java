package dev.mme5.tokenizer;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;

/**
 * Pieces of a word merged by rank: starts from single bytes and merges, again and again, the adjacent pair of the
 * lowest rank, the leftmost if it occurs twice, until no pair has a rank. A queue of candidates over a linked list
 * makes that n log n, so a piece may be as long as it likes.
 *
 * <p>Stage 4 of 4 of encoding. In: the bytes of a piece. Out: ids.
 */
final class BytePairMerger {
    private final int[] byteIds = new int[256];
    private final IntPairMap merges;

    /** @param merges (left id, right id) -> rank << 32 | merged id */
    BytePairMerger(TokenTable tokens, IntPairMap merges) {
        this.merges = merges;
        for (int b = 0; b < byteIds.length; b++) byteIds[b] = tokens.id(String.valueOf(ByteAlphabet.character(b)));
    }

    /**
     * {@code model.merges}: the rank is the index; an entry is {@code "left right"} or, since tokens may contain spaces,
     * {@code ["left", "right"]}. Of a pair that occurs twice the last rank holds, as in the tokenizers library.
     *
     * @throws ModelFormatException when an entry is neither, or one of its tokens is not in the vocabulary
     */
    static IntPairMap read(JsonArray merges, TokenTable tokens) {
        IntPairMap table = new IntPairMap(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String[] pair = pair(merges, rank);
            int left = id(pair[0], tokens, merges, rank);
            int right = id(pair[1], tokens, merges, rank);
            int merged = id(pair[0] + pair[1], tokens, merges, rank);
            table.put(left, right, (long) rank << 32 | merged);
        }
        table.requireSpread();
        return table;
    }

    private static String[] pair(JsonArray merges, int rank) {
        switch (merges.get(rank)) {
            case Json.Text(String both) -> {
                int space = both.indexOf(' ');
                if (space > 0 && space < both.length() - 1 && space == both.lastIndexOf(' ')) {
                    return new String[] {both.substring(0, space), both.substring(space + 1)};
                }
            }
            case JsonArray two when two.size() == 2 -> {
                return new String[] {two.text(0), two.text(1)};
            }
            default -> {}
        }
        throw merges.error(rank, "expected two tokens, \"left right\" or [\"left\", \"right\"], found " + merges.get(rank));
    }

    private static int id(String token, TokenTable tokens, JsonArray merges, int rank) {
        int id = tokens.id(token);
        if (id == TokenTable.ABSENT) throw merges.error(rank, JsonWriter.quote(token) + " is not in the vocabulary");
        return id;
    }

    /** Merges the bytes of one piece, which is not empty; the ids are then in {@code symbols}. */
    void merge(byte[] text, int from, int to, SymbolList symbols) {
        symbols.clear(to - from);
        for (int i = from; i < to; i++) symbols.append(byteIds[text[i] & 0xFF]);
        for (int i = 0; i + 1 < to - from; i++) consider(i, symbols);

        while (symbols.hasCandidates()) {
            long best = symbols.takeCandidate();
            int left = (int) best;
            if (symbols.rank(left) != (int) (best >>> 32)) continue;   // one of the pair was merged meanwhile

            symbols.mergeWithNext(left);
            consider(left, symbols);
            if (left > 0) consider(symbols.previous(left), symbols);
        }
        symbols.compact();
    }

    private void consider(int left, SymbolList symbols) {
        int right = symbols.next(left);
        long merge = right == SymbolList.END ? IntPairMap.ABSENT : merges.get(symbols.id(left), symbols.id(right));
        if (merge == IntPairMap.ABSENT) {
            symbols.setUnmergeable(left);
        } else {
            symbols.setMerge(left, (int) (merge >>> 32), (int) merge);
        }
    }
}
