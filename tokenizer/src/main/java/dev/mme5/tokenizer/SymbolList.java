package dev.mme5.tokenizer;

/**
 * The symbols of one piece while it is merged: a linked list in arrays, with the merge that each symbol's pair with the
 * next one allows, and a queue of those merges. The arrays grow and are used again for the next piece. Not for several
 * threads.
 */
final class SymbolList {
    static final int END = -1;
    private static final int UNMERGEABLE = -1;

    private final LongPriorityQueue candidates = new LongPriorityQueue();
    private int[] ids = new int[64];
    private int[] previous = new int[64];
    private int[] next = new int[64];
    private int[] ranks = new int[64];       // of the pair that starts here
    private int[] mergedIds = new int[64];   // what that pair becomes
    private int count;

    /** Empties the list and makes room. */
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

    /** Of the pair that the symbol makes with the next one; negative when it cannot be merged. */
    int rank(int symbol) {
        return ranks[symbol];
    }

    void setUnmergeable(int left) {
        ranks[left] = UNMERGEABLE;
    }

    void setMerge(int left, int rank, int mergedId) {
        ranks[left] = rank;
        mergedIds[left] = mergedId;
        candidates.add((long) rank << 32 | left);   // so ordered: the lowest rank first, then the leftmost
    }

    boolean hasCandidates() {
        return !candidates.isEmpty();
    }

    /** The best one, {@code rank << 32 | left}; it is stale when {@link #rank} of that symbol is another by now. */
    long takeCandidate() {
        return candidates.remove();
    }

    /** Puts the pair's merged id in its left symbol and takes its right one out. */
    void mergeWithNext(int left) {
        int right = next[left];
        ids[left] = mergedIds[left];
        setUnmergeable(right);   // so that its candidates are stale
        next[left] = next[right];
        if (next[left] != END) previous[next[left]] = left;
    }

    /** Moves what is left in the list to the front of {@link #ids()}. */
    void compact() {
        int kept = 0;
        for (int i = 0; i != END; i = next[i]) ids[kept++] = ids[i];
        count = kept;
    }

    /** After {@link #compact}: the first {@link #count} are the piece's ids. */
    int[] ids() {
        return ids;
    }

    int count() {
        return count;
    }
}
