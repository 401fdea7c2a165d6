package dev.mme5.tokenizer;

import dev.mme5.tokenizer.common.IntPairMap;
import dev.mme5.tokenizer.common.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A trie of added tokens, to find the longest one that starts at an offset in one walk. Its edges are bytes; because UTF-8 is
 * self-synchronising, a match of bytes is a match of characters.
 */
final class TokenTrie {
    /**
     * A token that was found.
     *
     * @param length in bytes
     */
    record Match(AddedToken token, int length) {}

    private static final int ROOT = 0;

    private final IntPairMap children = new IntPairMap();    // (node, byte) to node
    private final boolean[] firstBytes = new boolean[256];   // rejects most offsets by one look-up
    private Match[] matches = new Match[16];                 // by the node where they end
    private int nodes = 1;

    TokenTrie(List<AddedToken> added) {
        this(added, content -> content);
    }

    /** @param change gives the bytes to search for; a token without any is never found */
    TokenTrie(List<AddedToken> added, UnaryOperator<byte[]> change) {
        for (AddedToken token : added) {
            byte[] content = change.apply(Utf8.encode(token.content()));
            if (content.length == 0) continue;
            int node = ROOT;
            for (byte b : content) node = childOrNew(node, b & 0xFF);
            matches[node] = new Match(token, content.length);
            firstBytes[content[0] & 0xFF] = true;
        }
        children.checkProbeLengths();
    }

    private int childOrNew(int node, int b) {
        long child = children.get(node, b);
        if (child != IntPairMap.ABSENT) return (int) child;
        if (nodes == matches.length) matches = Arrays.copyOf(matches, 2 * nodes);
        children.put(node, b, nodes);
        return nodes++;
    }

    /** The longest token that starts at {@code from} and ends by {@code to}; null if there is none. */
    Match longestAt(byte[] text, int from, int to) {
        if (!firstBytes[text[from] & 0xFF]) return null;
        Match longest = null;
        long node = ROOT;
        for (int offset = from; offset < to; offset++) {
            node = children.get((int) node, text[offset] & 0xFF);
            if (node == IntPairMap.ABSENT) break;
            if (matches[(int) node] != null) longest = matches[(int) node];
        }
        return longest;
    }
}
