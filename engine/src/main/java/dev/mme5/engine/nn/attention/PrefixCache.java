package dev.mme5.engine.nn.attention;

import dev.mme5.engine.nn.StateCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of beginnings of token sequences that came again, up to a number of bytes; what was used longest ago is evicted. In a
 * causal model they depend on the beginning alone, so the cache changes nothing but time. Beginnings are found by themselves: what a
 * sequence has in common with one of the last sequences is kept. A radix tree: a node holds the tokens that all its children begin with.
 */
public final class PrefixCache implements StateCache {
    /** Shorter beginnings, such as the begin-of-text token, are not worth the copying. */
    private static final int MIN_TOKENS = 4;

    private static final int RECENT_SEQUENCES = 64;

    private static final int RECENT_TOKENS = 2048;

    private final Node root = new Node(null, new int[0], List.of());
    private final Deque<int[]> recent = new ArrayDeque<>();
    private long maxBytes;
    private long room;
    private long bytes;
    private long held;
    private long clock;

    private static final class Node {
        private Node parent;
        private final int[] tokens;
        private final List<KeyValues> layers;
        private final Map<Integer, Node> children = new HashMap<>();
        private long used;
        private int readers;

        private Node(Node parent, int[] tokens, List<KeyValues> layers) {
            this.parent = parent;
            this.tokens = tokens;
            this.layers = layers;
        }

        private long bytes() {
            return layers.stream().mapToLong(KeyValues::bytes).sum();
        }
    }

    /** The beginning of one sequence that the cache holds, readable until it is released. */
    final class Match {
        private final List<Node> nodes = new ArrayList<>();
        private int length;

        /** Tokens of the beginning. */
        int length() {
            return length;
        }

        /** Copies the first so many tokens of a layer into the first rows of target. */
        void copy(int layer, int tokens, KeyValues target) {
            int done = 0;
            for (Node node : nodes) {
                int count = Math.min(node.tokens.length, tokens - done);
                if (count <= 0) return;
                target.copy(node.layers.get(layer), 0, count, done);
                done += count;
            }
        }

        void release() {
            synchronized (PrefixCache.this) {
                for (Node node : nodes) node.readers--;
                nodes.clear();
            }
        }
    }

    @Override
    public synchronized void limit(long bytes) {
        maxBytes = bytes;
        room = bytes;
        shrink(bytes);
    }

    @Override
    public synchronized long bytes() {
        return bytes + held;
    }

    @Override
    public synchronized long allowance() {
        return room;
    }

    @Override
    public synchronized void shrink(long max) {
        room = Math.clamp(max, 0, maxBytes);
        while (bytes > room) {
            Node oldest = oldestLeaf(root, null);
            if (oldest == null) return;
            remove(oldest);
        }
    }

    /** What it holds of each sequence, short of the last token, whose state is always computed. */
    synchronized List<Match> acquire(int[][] ids) {
        List<Match> matches = new ArrayList<>(ids.length);
        boolean complete = false;
        try {
            for (int[] sequence : ids) {
                Match match = new Match();
                matches.add(match);
                find(sequence, match);
            }
            complete = true;
            return matches;
        } finally {
            if (!complete) matches.forEach(Match::release); // the heap is full
        }
    }

    private void find(int[] ids, Match match) {
        Node node = root;
        while (match.length < ids.length - 1) {
            node = node.children.get(ids[match.length]);
            if (node == null) break;
            int common = common(node, ids, match.length, ids.length - 1);
            match.nodes.add(node);
            node.readers++;
            node.used = ++clock;
            match.length += common;
            if (common < node.tokens.length) break;
        }
    }

    private static int common(Node node, int[] ids, int from, int to) {
        int end = Math.min(node.tokens.length, to - from);
        int mismatch = Arrays.mismatch(node.tokens, 0, end, ids, from, from + end);
        return mismatch < 0 ? end : mismatch;
    }

    /**
     * How many first tokens of each sequence should be kept, 0 for none: those that one of the last sequences, or an earlier one of these,
     * begins with too.
     *
     * @param bytesPerToken of all layers together; 0 without layers, whose beginnings are not kept
     */
    synchronized int[] worthKeeping(int[][] ids, long bytesPerToken) {
        int[] lengths = new int[ids.length];
        if (maxBytes == 0 || bytesPerToken == 0) return lengths;
        int most = (int) Math.min(Integer.MAX_VALUE, room / 2 / bytesPerToken);
        for (int i = 0; i < ids.length; i++) {
            int common = 0;
            for (int[] earlier : recent) {
                int mismatch = Arrays.mismatch(ids[i], earlier);
                common = Math.max(common, mismatch < 0 ? earlier.length : mismatch);
            }
            remember(ids[i]);
            common = Math.min(common, most);
            lengths[i] = common < MIN_TOKENS ? 0 : common;
        }
        return lengths;
    }

    /** Puts a sequence first, once: one that comes again and again does not displace the others. */
    private void remember(int[] ids) {
        int[] beginning = ids.length <= RECENT_TOKENS ? ids : Arrays.copyOf(ids, RECENT_TOKENS);
        recent.removeIf(earlier -> Arrays.equals(earlier, beginning));
        recent.addFirst(beginning);
        if (recent.size() > RECENT_SEQUENCES) recent.removeLast();
    }

    /**
     * Keeps tokens from..to of a sequence, unless what comes before them is not held any more.
     *
     * @param layers keys and values of these tokens, by layer
     */
    synchronized void put(int[] ids, int from, int to, List<KeyValues> layers) {
        Node node = root;
        int depth = 0;
        while (depth < to) {
            Node child = node.children.get(ids[depth]);
            if (child == null) break;
            int common = common(child, ids, depth, to);
            if (common < child.tokens.length && depth + common < to && child.readers > 0) return;
            if (common < child.tokens.length && depth + common < to) child = split(child, common);
            depth += common;
            node = child;
        }
        if (depth < from || depth >= to) return;
        long needed = layers.stream().mapToLong(KeyValues::bytes).sum();
        shrinkFor(needed, node);
        if (bytes + needed > room) return;
        int skipped = depth - from;
        List<KeyValues> kept = skipped == 0 ? layers : copies(layers, skipped, to - from);
        add(node, Arrays.copyOfRange(ids, depth, to), kept).used = ++clock;
    }

    /**
     * Makes room for copies that a pass will put into the cache when it ends: both together stay within the limit. Evicts what was used
     * longest ago; nothing that a pass reads.
     *
     * @return whether there is that much room
     */
    synchronized boolean tryHold(long needed) {
        if (held + needed > room) return false;
        shrinkFor(needed, null);
        if (bytes + held + needed > room) return false;
        held += needed;
        return true;
    }

    /** Gives room back that was held. */
    synchronized void release(long copies) {
        held -= copies;
    }

    /** Evicts what was used longest ago until so many bytes have room, but nothing on the way to this node. */
    private void shrinkFor(long needed, Node node) {
        while (bytes + held + needed > room) {
            Node oldest = oldestLeaf(root, node);
            if (oldest == null) return;
            remove(oldest);
        }
    }

    /** Splits a node that nobody reads into the first tokens and the rest; returns the former. */
    private Node split(Node node, int at) {
        Node upper = new Node(node.parent, Arrays.copyOf(node.tokens, at), copies(node.layers, 0, at));
        Node lower = new Node(
                upper, Arrays.copyOfRange(node.tokens, at, node.tokens.length), copies(node.layers, at, node.tokens.length));
        upper.used = node.used;
        lower.used = node.used;
        lower.children.putAll(node.children);
        for (Node child : node.children.values()) child.parent = lower;
        upper.children.put(lower.tokens[0], lower);
        node.parent.children.put(upper.tokens[0], upper);
        return upper;
    }

    private static List<KeyValues> copies(List<KeyValues> layers, int from, int to) {
        return layers.stream().map(layer -> layer.copyOf(from, to)).toList();
    }

    private Node add(Node parent, int[] tokens, List<KeyValues> layers) {
        Node node = new Node(parent, tokens, layers);
        parent.children.put(tokens[0], node);
        bytes += node.bytes();
        return node;
    }

    private void remove(Node node) {
        node.parent.children.remove(node.tokens[0]);
        bytes -= node.bytes();
    }

    /** The leaf used longest ago that nobody reads and that is not this one; null for none. */
    private static Node oldestLeaf(Node node, Node spared) {
        if (node.children.isEmpty()) return node.parent == null || node.readers > 0 || node == spared ? null : node;
        Node oldest = null;
        for (Node child : node.children.values()) {
            Node leaf = oldestLeaf(child, spared);
            if (leaf != null && (oldest == null || leaf.used < oldest.used)) oldest = leaf;
        }
        return oldest;
    }
}
