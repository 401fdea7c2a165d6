package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.TaskOrder;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;

/**
 * Activations turned for the register tiles: a group of tokens is [cols, tokens of the group], so that a tile reads one run of
 * neighbours. The group whose first token is t starts at t * cols.
 *
 * @param groups the tokens
 * @param floats holds them at offset
 */
record TurnedTokens(TokenGroups groups, float[] floats, int offset) {
    /** Most columns that one task turns. */
    private static final int MAX_CHUNK_COLUMNS = 512;

    /** The columns of a task are a multiple of these. */
    private static final int COLUMN_STEP = 32;

    /** Turns all rows of x, of which there are at most {@link PackingLimits#maxTokens}. A single token lies right as it is. */
    static TurnedTokens of(Matrix x, RetainedFloats buffer, WorkerPool pool) {
        TokenGroups groups = TokenGroups.of(x.rows());
        if (x.rows() == 1) return new TurnedTokens(groups, x.data(), x.offset());
        float[] floats = buffer.atLeast(Math.toIntExact(PackingLimits.floats(x.rows(), x.cols())));
        int share = Math.ceilDiv(x.cols(), pool.threads() * COLUMN_STEP) * COLUMN_STEP; // of the columns, those that a thread wrote
        int chunk = Math.clamp(share, COLUMN_STEP, MAX_CHUNK_COLUMNS);
        int chunks = Math.ceilDiv(x.cols(), chunk);
        int tasks = groups.groups() * chunks;
        pool.forEach(tasks, position -> {
            int task = TaskOrder.taskAt(position, tasks, pool.threads());
            int from = task / groups.groups() * chunk;
            turn(x, groups, task % groups.groups(), from, Math.min(x.cols(), from + chunk), floats);
        });
        return new TurnedTokens(groups, floats, 0);
    }

    /**
     * Turns whole vectors of columns and returns how many columns these are. The store of a column overruns into the next ones, which are
     * stored after it, so the last columns are left to {@link #scatter}.
     */
    private static int turnBlocks(Matrix x, int first, int tokens, int from, int to, float[] floats, int target) {
        int side = BlockTranspose.BLOCK_SIDE;
        int source = x.offset() + first * x.cols() + from;
        int readable = x.data().length - (side - 1) * x.cols() - side; // rows beyond the group are read, too, and overwritten
        if (tokens > side) return 0;
        int[] block = new int[2 * side * side];
        int turned = 0;
        for (; from + turned + 2 * side <= to && source + turned <= readable; turned += side) {
            BlockTranspose.transpose(x.data(), source + turned, x.cols(), block);
            BlockTranspose.copy(block, floats, target + turned * tokens, tokens);
        }
        return turned;
    }

    /** Turns some columns of a group, token by token: few enough columns that all of them stay in the first-level cache meanwhile. */
    private static void turn(Matrix x, TokenGroups groups, int group, int from, int to, float[] floats) {
        int first = groups.first(group);
        int tokens = groups.size(group);
        int target = first * x.cols() + from * tokens;
        int turned = turnBlocks(x, first, tokens, from, to, floats, target);
        int source = x.offset() + first * x.cols() + from + turned;
        for (int t = 0; t < tokens; t++) {
            scatter(x.data(), source + t * x.cols(), to - from - turned, floats, target + turned * tokens + t, tokens);
        }
    }

    private static void scatter(float[] row, int offset, int count, float[] out, int outOffset, int stride) {
        for (int k = 0; k < count; k++) out[outOffset + k * stride] = row[offset + k];
    }
}
