package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.family.TokenCount;
import java.util.Arrays;
import java.util.TreeSet;

/** Counts the tokens of equal beginnings once: the rows of the sequences' {@link dev.mme5.engine.nn.TokenTree}. */
public final class DistinctTokens implements TokenCount {
    /** In lexicographic order a sequence has its longest common beginning with a neighbour. */
    private final TreeSet<int[]> sequences = new TreeSet<>(Arrays::compare);

    private int total;

    @Override
    public int added(int[] ids) {
        return ids.length - Math.max(common(ids, sequences.floor(ids)), common(ids, sequences.ceiling(ids)));
    }

    private static int common(int[] ids, int[] other) {
        if (other == null) return 0;
        int mismatch = Arrays.mismatch(ids, other);
        return mismatch < 0 ? ids.length : mismatch;
    }

    @Override
    public void add(int[] ids) {
        total = Math.addExact(total, added(ids));
        sequences.add(ids);
    }

    @Override
    public int total() {
        return total;
    }
}
