package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.IntPairMap;
import java.util.Arrays;

/**
 * A trie over the bytes of tokens, to find every token that a span begins with in one walk. A node is a number, and the walk is done
 * by the caller. One thread fills it; then any number of threads may read.
 */
final class PrefixTree {
    static final int ROOT = 0;
    static final int ABSENT = -1;

    private final IntPairMap children;   // (node, byte) to node
    private int[] ids = new int[1 << 10];
    private int nodes = 1;

    /** @param tokens those with an empty text are left out */
    PrefixTree(TokenTable tokens) {
        children = new IntPairMap(3 * tokens.size());
        Arrays.fill(ids, ABSENT);
        byte[] bytes = new byte[tokens.maxLength()];
        for (int id = 0; id < tokens.size(); id++) {
            if (!tokens.has(id)) continue;
            int length = tokens.length(id);
            tokens.copy(id, bytes, 0);
            int node = ROOT;
            for (int i = 0; i < length; i++) node = childOrNew(node, bytes[i]);
            if (node != ROOT) ids[node] = id;
        }
        children.checkProbeLengths();
    }

    private int childOrNew(int node, byte b) {
        int child = child(node, b);
        if (child != ABSENT) return child;
        if (nodes == ids.length) {
            ids = Arrays.copyOf(ids, 2 * nodes);
            Arrays.fill(ids, nodes, ids.length, ABSENT);
        }
        children.put(node, b & 0xFF, nodes);
        return nodes++;
    }

    /** The node that one more byte leads to, or {@link #ABSENT}. */
    int child(int node, byte b) {
        return (int) children.get(node, b & 0xFF);
    }

    /** The node that some bytes lead to, or {@link #ABSENT}. */
    int descendant(int node, byte[] path) {
        int descendant = node;
        for (int i = 0; i < path.length && descendant != ABSENT; i++) descendant = child(descendant, path[i]);
        return descendant;
    }

    /** The id of the token that ends at a node, or {@link #ABSENT}. */
    int id(int node) {
        return ids[node];
    }
}
