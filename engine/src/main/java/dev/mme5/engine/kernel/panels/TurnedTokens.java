package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;

/**
 * Activations turned for the register tiles: a group of tokens is [cols, tokens of the group], so that a tile reads one run of
 * neighbours. The group whose first token is t starts at t * cols.
 *
 * @param groups the tokens
 * @param floats holds them at offset
 */
record TurnedTokens(TokenGroups groups, float[] floats, int offset) {
    /** Columns that one task turns. */
    private static final int CHUNK_COLUMNS = 512;

    /** Turns all rows of x, of which there are at most {@link PackingLimits#maxTokens}. A single token lies right as it is. */
    static TurnedTokens of(Matrix x, RetainedFloats buffer, WorkerPool pool) {
        TokenGroups groups = TokenGroups.of(x.rows());
        if (x.rows() == 1) return new TurnedTokens(groups, x.data(), x.offset());
        float[] floats = buffer.atLeast(Math.toIntExact(PackingLimits.floats(x.rows(), x.cols())));
        int chunks = Math.ceilDiv(x.cols(), CHUNK_COLUMNS);
        pool.forEach(groups.groups() * chunks, task -> {
            int from = task % chunks * CHUNK_COLUMNS;
            turn(x, groups, task / chunks, from, Math.min(x.cols(), from + CHUNK_COLUMNS), floats);
        });
        return new TurnedTokens(groups, floats, 0);
    }

    /** Turns some columns of a group, token by token: few enough columns that all of them stay in the first-level cache meanwhile. */
    private static void turn(Matrix x, TokenGroups groups, int group, int from, int to, float[] floats) {
        int first = groups.first(group);
        int tokens = groups.size(group);
        int target = first * x.cols() + from * tokens;
        for (int t = 0; t < tokens; t++) {
            scatter(x.data(), x.offset() + (first + t) * x.cols() + from, to - from, floats, target + t, tokens);
        }
    }

    private static void scatter(float[] row, int offset, int count, float[] out, int outOffset, int stride) {
        for (int k = 0; k < count; k++) out[outOffset + k * stride] = row[offset + k];
    }
}
