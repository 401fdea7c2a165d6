package dev.mme5.engine.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Token sequences as a radix tree, in which equal beginnings exist once. In a causal model equal beginnings have equal states, so
 * each token of the tree is one row of a packed matrix: products run over all rows at once, attention over one segment at a time,
 * whose keys are those of its path. Nothing is padded. First tokens of a sequence that are known from elsewhere have no rows.
 */
public final class TokenTree {
    /**
     * Tokens of one or more sequences up to where some end or part.
     *
     * @param parent index of the segment that comes before; -1 for none
     * @param position of its first token in the sequence; without a parent, so many tokens before it are known
     * @param from first row
     * @param to one past the last row, greater than from
     * @param sequence one of the sequences that it belongs to
     */
    public record Segment(int parent, int position, int from, int to, int sequence) {
        /** Tokens of its own. */
        public int length() {
            return to - from;
        }

        /** Tokens of the whole path that ends with it, known ones included. */
        public int pathLength() {
            return position + length();
        }
    }

    private final int[][] ids;
    private final int[] known;
    private final List<Segment> segments = new ArrayList<>();
    private final int[] segmentOf;
    private int rows;

    private TokenTree(int[][] ids, int[] known) {
        this.ids = ids;
        this.known = known;
        this.segmentOf = new int[ids.length];
        Integer[] sorted = new Integer[ids.length];
        Arrays.setAll(sorted, i -> i);
        Arrays.sort(sorted, Comparator.comparing((Integer i) -> ids[i], Arrays::compare));
        for (int from = 0; from < sorted.length;) from = branch(sorted, from, sorted.length, 0, -1);
    }

    /** @param ids token ids of each sequence; none is empty */
    public static TokenTree of(int[][] ids) {
        return new TokenTree(ids, new int[ids.length]);
    }

    /**
     * @param known how many first tokens of each sequence need no rows, fewer than it has; equal beginnings are known to the same length
     *     unless they end before
     */
    public static TokenTree of(int[][] ids, int[] known) {
        return new TokenTree(ids, known);
    }

    /**
     * Of the sequences sorted[from..limit), which have depth equal tokens, adds the segment of those that agree with the first of them for
     * longer, and what follows it.
     *
     * @return one past the last of them
     */
    private int branch(Integer[] sorted, int from, int limit, int depth, int parent) {
        int[] first = ids[sorted[from]];
        int to = from + 1;
        int end = first.length;
        while (to < limit && ids[sorted[to]][depth] == first[depth]) {
            end = Math.min(end, commonLength(first, ids[sorted[to++]]));
        }
        boolean terminal = first.length == end;
        int start = depth;
        if (parent < 0) start = Math.max(depth, Math.min(known[sorted[from]], terminal ? end - 1 : end));
        int segment = -1;
        if (end > start) {
            segment = segments.size();
            segments.add(new Segment(parent, start, rows, rows + end - start, sorted[from]));
            rows += end - start;
        }
        int next = from;
        while (next < to && ids[sorted[next]].length == end) segmentOf[sorted[next++]] = segment;
        while (next < to) next = branch(sorted, next, to, end, segment);
        return to;
    }

    private static int commonLength(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    /** The segments; parents come before their children, and rows ascend. */
    public List<Segment> segments() {
        return segments;
    }

    /** The segment that ends a sequence. */
    public int segmentOf(int sequence) {
        return segmentOf[sequence];
    }

    /** The row of a sequence's last token. */
    public int lastRow(int sequence) {
        return segments.get(segmentOf[sequence]).to() - 1;
    }

    /** Number of sequences. */
    public int sequences() {
        return ids.length;
    }

    /** Number of rows: of distinct tokens that are not known. */
    public int rows() {
        return rows;
    }

    /** Token ids by row. */
    public int[] tokens() {
        int[] tokens = new int[rows];
        for (Segment s : segments) System.arraycopy(ids[s.sequence()], s.position(), tokens, s.from(), s.length());
        return tokens;
    }

    /** The segments from the root to this one. */
    public List<Segment> path(int segment) {
        List<Segment> path = new ArrayList<>();
        for (int i = segment; i >= 0; i = segments.get(i).parent()) path.addFirst(segments.get(i));
        return path;
    }

    /** The segments that end a sequence, in the order of their rows. */
    public int[] ends() {
        return Arrays.stream(segmentOf).sorted().distinct().toArray();
    }

    /** How many tokens of each sequence have no row of their own: known ones, and those that an earlier sequence has. */
    public int[] sharedTokens() {
        int[] shared = new int[ids.length];
        boolean[] taken = new boolean[segments.size()];
        for (int i = 0; i < ids.length; i++) {
            int own = 0;
            for (int s = segmentOf[i]; s >= 0 && !taken[s]; s = segments.get(s).parent()) {
                taken[s] = true;
                own += segments.get(s).length();
            }
            shared[i] = ids[i].length - own;
        }
        return shared;
    }

    /** How many first tokens of all sequences have no rows because they are known. */
    public long knownTokens() {
        long tokens = 0;
        for (int segment : segmentOf) {
            Segment s = segments.get(segment);
            while (s.parent() >= 0) s = segments.get(s.parent());
            tokens += s.position();
        }
        return tokens;
    }
}
