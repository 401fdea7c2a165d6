package dev.mme5.benchmarks.subject;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import java.util.Arrays;

/** Attention shapes of the 11B model. */
public enum AttentionShape {
    /** All four tiles of 448 pixels, 1032 tokens each. */
    VISION_4128(4128, new Heads(16, 16, 80), false),
    /** All four tiles of 560 pixels, 1608 tokens each. */
    VISION_6432(6432, new Heads(16, 16, 80), false),
    /** A query. */
    TEXT_20(20, new Heads(32, 8, 128), true),
    /** A passage. */
    TEXT_256(256, new Heads(32, 8, 128), true),
    /** A long document. */
    TEXT_2048(2048, new Heads(32, 8, 128), true);

    final int tokens;
    final Heads heads;
    final boolean causal;

    AttentionShape(int tokens, Heads heads, boolean causal) {
        this.tokens = tokens;
        this.heads = heads;
        this.causal = causal;
    }

    AttentionMask mask() {
        if (causal) return new AttentionMask.Causal(0);
        int[] once = new int[tokens];
        Arrays.fill(once, 1);
        return new AttentionMask.Padded(tokens, once);
    }

    /** Two matmuls over each pair of query and visible key in every head; keys and values are read once. */
    public Workload workload() {
        double pairs = causal ? tokens * (tokens + 1.0) / 2 : (double) tokens * tokens;
        int width = heads.heads() * heads.size();
        return Workload.ofFlops(4 * pairs * width, 4.0 * tokens * (2 * width + 2 * heads.kvHeads() * heads.size()));
    }
}
