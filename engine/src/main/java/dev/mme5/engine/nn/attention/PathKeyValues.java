package dev.mme5.engine.nn.attention;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.Buffers;
import dev.mme5.engine.nn.TokenTree;
import dev.mme5.engine.nn.attention.PrefixCache.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The keys and values that the tokens of one pass attend to. Those of a segment's path are rows of the pass where they lie together, else
 * they are gathered: from the cache, which holds known beginnings, and from the rows of the segments before. What is worth keeping goes
 * into the cache when the pass is {@linkplain #finish finished}.
 */
public final class PathKeyValues implements AutoCloseable {
    private final TokenTree tree;
    private final int[][] ids;
    private final Optional<PrefixCache> cache;
    private final List<Match> known;
    private final List<Kept> kept = new ArrayList<>();
    private final int kvWidth;
    private KeyValues gathered;
    private long held;

    /**
     * Tokens from..to of a sequence, whose keys and values are copied layer by layer.
     *
     * @param rows the rows of these tokens
     */
    private record Kept(int sequence, int from, int to, int[] rows, List<KeyValues> layers) {}

    /**
     * @param ids token ids of each sequence; none is empty
     * @param cache of beginnings; none to compute all
     * @param layers of self-attention
     * @param kvWidth all key heads, or all value heads, of a token
     */
    public PathKeyValues(int[][] ids, Optional<PrefixCache> cache, int layers, int kvWidth) {
        this.ids = ids;
        this.cache = cache;
        this.kvWidth = kvWidth;
        this.known = cache.map(c -> c.acquire(ids)).orElse(List.of());
        boolean planned = false;
        try {
            this.tree = cache.isEmpty() ? TokenTree.of(ids) : TokenTree.of(ids, known.stream().mapToInt(Match::length).toArray());
            cache.ifPresent(c -> plan(c, layers, kvWidth));
            planned = true;
        } finally {
            if (!planned) close(); // the heap is full
        }
    }

    /** The sequences as a tree. */
    public TokenTree tree() {
        return tree;
    }

    /**
     * Gathers into buffers that are free during attention if they are large enough; they need not be, where most tokens are known and few
     * rows computed.
     */
    public void gatherInto(Matrix keys, Matrix values) {
        int tokens = gatheredTokens();
        long floats = (long) tokens * kvWidth;
        boolean fits = floats <= (long) keys.rows() * keys.cols() && floats <= (long) values.rows() * values.cols();
        gathered = fits
                ? new KeyValues(reshaped(keys, tokens), reshaped(values, tokens))
                : KeyValues.allocate(tokens, kvWidth, Buffers.HEAP);
    }

    private Matrix reshaped(Matrix buffer, int tokens) {
        return new Matrix(buffer.data(), buffer.offset(), tokens, kvWidth);
    }

    /** The longest path whose keys and values do not lie together. */
    private int gatheredTokens() {
        int longest = 0;
        for (int i = 0; i < tree.segments().size(); i++) {
            if (firstRow(i) < 0) longest = Math.max(longest, tree.segments().get(i).pathLength());
        }
        return longest;
    }

    /** The row of a path's first token, if all its tokens have neighbouring rows; else -1. */
    private int firstRow(int segment) {
        TokenTree.Segment s = tree.segments().get(segment);
        while (s.parent() >= 0) {
            TokenTree.Segment parent = tree.segments().get(s.parent());
            if (parent.to() != s.from()) return -1;
            s = parent;
        }
        return s.position() == 0 ? s.from() : -1;
    }

    private void plan(PrefixCache cache, int layers, int kvWidth) {
        long bytesPerToken = 2L * Float.BYTES * kvWidth * layers;
        int[] worth = cache.worthKeeping(ids, bytesPerToken);
        boolean[] taken = new boolean[tree.rows()];
        for (int i = 0; i < ids.length; i++) {
            int[] rows = rowsOf(i);
            int first = ids[i].length - rows.length;
            int from = first;
            while (from < worth[i] && taken[rows[from - first]]) from++;
            if (from >= worth[i] || !cache.tryHold((worth[i] - from) * bytesPerToken)) continue;
            held += (worth[i] - from) * bytesPerToken;
            int[] kept = Arrays.copyOfRange(rows, from - first, worth[i] - first);
            for (int row : kept) taken[row] = true;
            List<KeyValues> copies = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) copies.add(KeyValues.allocate(kept.length, kvWidth, Buffers.HEAP));
            this.kept.add(new Kept(i, from, worth[i], kept, copies));
        }
    }

    /** The rows of a sequence's last tokens, all but the known ones. */
    private int[] rowsOf(int sequence) {
        List<TokenTree.Segment> path = tree.path(tree.segmentOf(sequence));
        return path.stream().flatMapToInt(s -> IntStream.range(s.from(), s.to())).toArray();
    }

    /**
     * Copies what is worth keeping of a layer.
     *
     * @param rows keys and values of all rows
     */
    void keep(int layer, KeyValues rows) {
        for (Kept k : kept) {
            for (int i = 0; i < k.rows.length; i++) k.layers.get(layer).copy(rows, k.rows[i], k.rows[i] + 1, i);
        }
    }

    /**
     * Keys and values of a segment's path, valid until the next call.
     *
     * @param rows those of all rows, in that layer
     */
    KeyValues of(int segment, int layer, KeyValues rows) {
        TokenTree.Segment last = tree.segments().get(segment);
        int first = firstRow(segment);
        if (first >= 0) return rows.rows(first, last.to());
        List<TokenTree.Segment> path = tree.path(segment);
        int knownTokens = path.getFirst().position();
        if (knownTokens > 0) known.get(last.sequence()).copy(layer, knownTokens, gathered);
        for (TokenTree.Segment s : path) gathered.copy(rows, s.from(), s.to(), s.position());
        return gathered.rows(0, last.pathLength());
    }

    /** Bytes of heap of the copies that will go into the cache. */
    long keptBytes() {
        return kept.stream().flatMap(k -> k.layers.stream()).mapToLong(KeyValues::bytes).sum();
    }

    /** Puts what was kept into the cache; to be called when all layers are done. */
    public void finish() {
        close();
        cache.ifPresent(c -> kept.forEach(k -> c.put(ids[k.sequence], k.from, k.to, k.layers)));
    }

    /** Gives the cache back what it lent. */
    @Override
    public void close() {
        for (Match match : known) match.release();
        long bytes = held;
        held = 0;
        cache.ifPresent(c -> c.release(bytes));
    }
}
