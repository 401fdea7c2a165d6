package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;

/**
 * WordPiece: takes the longest token from the left, again and again. Tokens inside a word are written with a prefix, usually {@code ##}.
 * A word that has a part without a token becomes one unknown token, as does a word that is too long.
 */
public final class WordPieceModel implements TokenModel {
    private final TokenTable tokens;
    private final PrefixTree tree;
    private final int continuing;   // node of the prefix
    private final int unknownId;
    private final int maxCharacters;

    /**
     * @param prefix of tokens inside a word
     * @param maxCharacters code points of the longest word that is split
     */
    WordPieceModel(TokenTable tokens, byte[] prefix, int unknownId, int maxCharacters) {
        this.tokens = tokens;
        this.tree = new PrefixTree(tokens);
        this.continuing = tree.descendant(PrefixTree.ROOT, prefix);
        this.unknownId = unknownId;
        this.maxCharacters = maxCharacters;
    }

    @Override
    public TokenTable tokens() {
        return tokens;
    }

    @Override
    public SpanHandler encoder(IdBuffer out) {
        int[][] found = {new int[16]};
        return (text, from, to) -> {
            boolean isSplit = !isTooLong(text, from, to);
            if (isSplit && found[0].length < to - from) found[0] = new int[to - from];
            int count = isSplit ? split(text, from, to, found[0]) : 0;
            if (count == 0) {
                out.add(unknownId);
            } else {
                out.addAll(found[0], count);
            }
        };
    }

    private boolean isTooLong(byte[] text, int from, int to) {
        if (to - from <= maxCharacters) return false;
        int characters = 0;
        for (int i = from; i < to; i++) {
            if ((text[i] & 0xC0) != 0x80) characters++;
        }
        return characters > maxCharacters;
    }

    /** Writes the ids of a word and returns their number, 0 if a part has no token. */
    private int split(byte[] text, int from, int to, int[] ids) {
        int count = 0;
        int start = from;
        while (start < to) {
            int node = start == from ? PrefixTree.ROOT : continuing;
            int end = start;
            for (int offset = start; offset < to && node != PrefixTree.ABSENT; offset++) {
                node = tree.child(node, text[offset]);
                if (node == PrefixTree.ABSENT || tree.id(node) == PrefixTree.ABSENT) continue;
                ids[count] = tree.id(node);
                end = offset + 1;
            }
            if (end == start) return 0;
            count++;
            start = end;
        }
        return count;
    }
}
