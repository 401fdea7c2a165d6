package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.pool.RetainedFloats;
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
    private static final int BLOCK_SIDE = BlockTranspose.BLOCK_SIDE;

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

    /**
     * Turns some columns of a group. Blocks of tokens are transposed in registers; each column is stored as a whole vector, of which the
     * next column overwrites the lanes beyond the group.
     */
    private static void turn(Matrix x, TokenGroups groups, int group, int from, int to, float[] floats) {
        int first = groups.first(group);
        int tokens = groups.size(group);
        int target = first * x.cols();
        int body = from;
        if (tokens <= BLOCK_SIDE && to - from >= BLOCK_SIDE) {
            body = to - (to - from) % BLOCK_SIDE;
            float[] rows = x.data();
            int source = x.offset() + first * x.cols() + from;
            int stride = x.cols();
            if (first + BLOCK_SIDE > x.rows()) { // a copy, because a block has more rows than are left
                rows = new float[BLOCK_SIDE * (to - from)];
                for (int i = 0; i < tokens; i++) System.arraycopy(x.data(), source + i * stride, rows, i * (to - from), to - from);
                source = 0;
                stride = to - from;
            }
            int[] block = new int[2 * BLOCK_SIDE * BLOCK_SIDE];
            for (int k = from; k < body; k += BLOCK_SIDE) {
                BlockTranspose.transpose(rows, source + k - from, stride, block);
                int whole = Math.clamp(to - k - Math.ceilDiv(BLOCK_SIDE, tokens) + 1, 0, BLOCK_SIDE);
                for (int i = 0; i < whole; i++) {
                    BlockTranspose.column(block, i).reinterpretAsFloats().intoArray(floats, target + (k + i) * tokens);
                }
                for (int i = whole; i < BLOCK_SIDE; i++) {
                    for (int t = 0; t < tokens; t++) {
                        floats[target + (k + i) * tokens + t] = Float.intBitsToFloat(block[BlockTranspose.columnOffset(i) + t]);
                    }
                }
            }
        }
        for (int k = body; k < to; k++) {
            for (int t = 0; t < tokens; t++) floats[target + k * tokens + t] = x.data()[x.offset() + (first + t) * x.cols() + k];
        }
    }
}
