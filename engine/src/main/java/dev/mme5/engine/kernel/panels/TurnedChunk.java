package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.simd.BlockTranspose;
import dev.mme5.weights.PanelTensor;

/**
 * The activations of one task, turned for the register tiles as {@link TurnedTokens} are: each group of tokens is [cols, its tokens].
 * Some floats follow each group, because whole vectors are stored.
 *
 * @param groups the tokens
 * @param cols values of a token
 * @param floats holds them, {@link #size} in all
 * @param block for {@link BlockTranspose}
 */
record TurnedChunk(TokenGroups groups, int cols, float[] floats, int[] block) {
    private static final int SIDE = BlockTranspose.BLOCK_SIDE;
    private static final int ROWS = PanelTensor.ROWS;

    /** Floats for so many tokens. */
    static int size(int tokens, int cols) {
        return tokens * cols + TokenGroups.of(tokens).groups() * SIDE;
    }

    /** Where a group begins. */
    int offset(int group) {
        return groups.first(group) * cols + group * SIDE;
    }

    /** Turns all rows of x. */
    void load(Matrix x) {
        for (int group = 0; group < groups.groups(); group++) {
            int source = x.offset() + groups.first(group) * cols;
            turn(x.data(), source, cols, cols, group, 0);
        }
    }

    /** Turns a panel of results, rows of {@code ROWS} floats for each token of a group, into columns from {@code col} on. */
    void put(float[] sums, int offset, int group, int col) {
        turn(sums, offset, ROWS, Math.min(ROWS, cols - col), group, col);
    }

    private void turn(float[] rows, int source, int stride, int count, int group, int col) {
        int tokens = groups.size(group);
        int target = offset(group) + col * tokens;
        int turned = 0;
        if (tokens <= SIDE && source + (SIDE - 1) * stride + count <= rows.length) { // rows beyond the group are read, too
            for (; turned + SIDE <= count; turned += SIDE) {
                BlockTranspose.transpose(rows, source + turned, stride, block);
                BlockTranspose.copy(block, floats, target + turned * tokens, tokens);
            }
        }
        for (int t = 0; t < tokens; t++) {
            for (int k = turned; k < count; k++) floats[target + k * tokens + t] = rows[source + t * stride + k];
        }
    }
}
