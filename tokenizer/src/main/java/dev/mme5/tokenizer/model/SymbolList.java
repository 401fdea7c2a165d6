package dev.mme5.tokenizer.model;

/**
 * The symbols of one piece during merging: a linked list in arrays, the possible merge of each symbol with the next one, and a
 * priority queue of these merges. The arrays grow as needed and are reused for the next piece. Not thread-safe.
 */
public final class SymbolList {
    static final int END = -1;
    private static final int UNMERGEABLE = -1;

    private final LongPriorityQueue candidates = new LongPriorityQueue();
    private int[] ids = new int[64];
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private int[] ranks = new int[64];       // of the pair that starts here
    private int[] mergedIds = new int[64];   // id of that pair once merged
    private int count;

    /** Removes all symbols and makes room for {@code capacity} new ones. */
    void clear(int capacity) {
        assert candidates.isEmpty();
        count = 0;
        if (capacity <= ids.length) return;
        ids = new int[capacity];
        previous = new int[capacity];
        next = new int[capacity];
        ranks = new int[capacity];
        mergedIds = new int[capacity];
    }

    /** Appends a symbol. */
    void append(int id) {
        if (count > 0) next[count - 1] = count;
        ids[count] = id;
        previous[count] = count - 1;
        next[count] = END;
        count++;
    }

    int id(int symbol) {
        return ids[symbol];
    }

    int previous(int symbol) {
        return previous[symbol];
    }

    int next(int symbol) {
        return next[symbol];
    }

    /** Rank of the pair of a symbol and the next one; negative if the pair cannot be merged. */
    int rank(int symbol) {
        return ranks[symbol];
    }

    void setUnmergeable(int left) {
        ranks[left] = UNMERGEABLE;
    }

    void setMerge(int left, int rank, int mergedId) {
        ranks[left] = rank;
        mergedIds[left] = mergedId;
        candidates.add((long) rank << 32 | left);   // the order of the queue: lowest rank first, then leftmost
    }

    boolean hasCandidates() {
        return !candidates.isEmpty();
    }

    /** Removes the best candidate, {@code rank << 32 | left}. It is stale if {@link #rank} of that symbol has changed. */
    long removeCandidate() {
        return candidates.remove();
    }

    /** Sets the left symbol to the merged id of the pair and removes the right one. */
    void mergeWithNext(int left) {
        int right = next[left];
        ids[left] = mergedIds[left];
        setUnmergeable(right);   // makes its candidates stale
        next[left] = next[right];
        if (next[left] != END) previous[next[left]] = left;
    }

    /** Moves the remaining ids to the front of {@link #ids()}. */
    void compact() {
        int kept = 0;
        for (int i = 0; i != END; i = next[i]) ids[kept++] = ids[i];
        count = kept;
    }

    /** After {@link #compact}, the first {@link #count} elements are the ids of the piece. */
    int[] ids() {
        return ids;
    }

    int count() {
        return count;
    }
}
