package dev.mme5.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * The added tokens byte by byte, to find the longest that starts at a place in one walk. UTF-8 makes bytes as good as
 * characters.
 */
final class TokenTrie {
    /** A token and its length in bytes. */
    record Match(AddedToken token, int length) {}

    private static final int ROOT = 0;

    private final IntPairMap children = new IntPairMap();      // (node, byte) -> node
    private final boolean[] firstBytes = new boolean[256];   // most places are done with after one look here
    private Match[] matches = new Match[16];                 // by the node they end at
    private int nodes = 1;

    TokenTrie(List<AddedToken> added) {
        for (AddedToken token : added) {
            byte[] content = Utf8.encode(token.content());
            int node = ROOT;
            for (byte b : content) node = childOrNew(node, b & 0xFF);
            matches[node] = new Match(token, content.length);
            firstBytes[content[0] & 0xFF] = true;
        }
        children.requireSpread();
    }

    private int childOrNew(int node, int b) {
        long child = children.get(node, b);
        if (child != IntPairMap.ABSENT) return (int) child;
        if (nodes == matches.length) matches = Arrays.copyOf(matches, 2 * nodes);
        children.put(node, b, nodes);
        return nodes++;
    }

    /** The longest token that starts at {@code from} and ends by {@code to}; null when there is none. */
    Match longestAt(byte[] text, int from, int to) {
        if (!firstBytes[text[from] & 0xFF]) return null;
        Match longest = null;
        long node = ROOT;
        for (int at = from; at < to; at++) {
            node = children.get((int) node, text[at] & 0xFF);
            if (node == IntPairMap.ABSENT) break;
            if (matches[(int) node] != null) longest = matches[(int) node];
        }
        return longest;
    }
}
