package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.BlockTranspose;

/**
 * Activations packed for the register tiles: a group of tokens is [cols, tokens of the group], so that a tile reads one run of
 * neighbours. The group whose first token is t starts at t * cols.
 *
 * @param groups the tokens
 * @param floats holds them at offset
 */
record PackedTokens(TokenGroups groups, float[] floats, int offset) {
    /** Most columns that one task packs. */
    private static final int MAX_CHUNK_COLUMNS = 512;

    /** The columns of a task are a multiple of these. */
    private static final int COLUMN_STEP = 32;

    private static final int BLOCK = 2 * BlockTranspose.BLOCK_SIDE * BlockTranspose.BLOCK_SIDE;

    /** Packs all rows of x, of which there are at most {@link PackingLimits#maxTokens}. A single token lies right as it is. */
    static PackedTokens of(Matrix x, RetainedFloats buffer, WorkerPool pool) {
        TokenGroups groups = TokenGroups.of(x.rows());
        if (x.rows() == 1) return new PackedTokens(groups, x.data(), x.offset());
        float[] floats = buffer.atLeast(Math.toIntExact(PackingLimits.floats(x.rows(), x.cols())));
        // columns of one thread: ArrayMatmul wrote them on the same thread
        int share = Math.ceilDiv(x.cols(), pool.threads() * COLUMN_STEP) * COLUMN_STEP;
        int chunk = Math.clamp(share, COLUMN_STEP, MAX_CHUNK_COLUMNS);
        int chunks = Math.ceilDiv(x.cols(), chunk);
        int tasks = groups.groups() * chunks;
        pool.forEachNeighbour(tasks, (thread, task, next) -> {
            int from = task / groups.groups() * chunk;
            pack(x, groups, task % groups.groups(), from, Math.min(x.cols(), from + chunk), floats, new int[BLOCK]);
        });
        return new PackedTokens(groups, floats, 0);
    }

    /**
     * The same on this thread alone.
     *
     * @param block buffer of a block of {@link BlockTranspose}
     */
    static PackedTokens of(Matrix x, RetainedFloats buffer, int[] block) {
        TokenGroups groups = TokenGroups.of(x.rows());
        if (x.rows() == 1) return new PackedTokens(groups, x.data(), x.offset());
        float[] floats = buffer.atLeast(x.rows() * x.cols());
        for (int group = 0; group < groups.groups(); group++) pack(x, groups, group, 0, x.cols(), floats, block);
        return new PackedTokens(groups, floats, 0);
    }

    /** Packs some columns of a group: few enough that all of them stay in the first-level cache meanwhile. */
    private static void pack(Matrix x, TokenGroups groups, int group, int from, int to, float[] floats, int[] block) {
        int first = groups.first(group);
        int tokens = groups.size(group);
        int base = first * x.cols(); // of the group in floats; column k is at base + k * tokens
        int side = BlockTranspose.BLOCK_SIDE;
        int firstRow = Math.min(first, x.rows() - side); // the last group is read with rows before it
        if (firstRow < 0 || tokens > side) {
            scatter(x, first, tokens, from, to, floats, base);
            return;
        }
        int before = first - firstRow; // above 0 in the last group alone, two have at least side tokens: a store ends with its column
        int spilled = Math.ceilDiv(side - tokens, tokens); // columns that the store of their neighbour overwrites, in part
        int blocks = Math.max(0, (to - from - spilled) / side);
        int begin = before == 0 ? from : to - blocks * side;
        for (int i = 0; i < blocks; i++) {
            int k = begin + (before == 0 ? i : blocks - 1 - i) * side;
            BlockTranspose.transpose(x.data(), x.offset() + firstRow * x.cols() + k, x.cols(), block);
            if (before == 0) BlockTranspose.copy(block, floats, base + k * tokens, tokens);
            else BlockTranspose.copyBackwards(block, floats, base + k * tokens - before, tokens);
        }
        if (before == 0) scatter(x, first, tokens, begin + blocks * side, to, floats, base);
        else scatter(x, first, tokens, from, begin, floats, base);
    }

    /** Packs columns token by token. */
    private static void scatter(Matrix x, int first, int tokens, int from, int to, float[] floats, int base) {
        for (int t = 0; t < tokens; t++) {
            scatter(x.data(), x.offset() + (first + t) * x.cols() + from, to - from, floats, base + from * tokens + t, tokens);
        }
    }

    private static void scatter(float[] row, int offset, int count, float[] out, int outOffset, int stride) {
        for (int k = 0; k < count; k++) out[outOffset + k * stride] = row[offset + k];
    }
}
