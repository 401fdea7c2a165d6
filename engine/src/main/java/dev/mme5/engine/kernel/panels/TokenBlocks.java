package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;

/**
 * Activations, [blocks, tokens, DEPTH]: DEPTH columns of all tokens, then the next columns. So a register tile finds its
 * tokens at a constant distance, and rows that are near each other.
 *
 * @param tokens number of tokens
 * @param cols values of a token; those that follow the last in its block have no meaning
 * @param floats holds them from 0 on, {@link #size} in all; may be longer
 */
record TokenBlocks(int tokens, int cols, float[] floats) {
    static final int DEPTH = PanelTiles.CHUNK_DEPTH;

    /** Floats for these tokens. */
    static int size(int tokens, int cols) {
        return Math.ceilDiv(cols, DEPTH) * tokens * DEPTH;
    }

    /** Where a block of columns begins. */
    int offset(int block) {
        return block * tokens * DEPTH;
    }

    /** Copies all rows of x. */
    void load(Matrix x) {
        for (int block = 0; block * DEPTH < cols; block++) load(x, block);
    }

    /** Copies a block of columns of all rows of x. */
    void load(Matrix x, int block) {
        load(x, block, 0, tokens);
    }

    /** Copies rows fromToken..toToken of x. */
    void load(Matrix x, int fromToken, int toToken) {
        for (int block = 0; block * DEPTH < cols; block++) load(x, block, fromToken, toToken);
    }

    private void load(Matrix x, int block, int fromToken, int toToken) {
        int from = block * DEPTH;
        int length = Math.min(DEPTH, cols - from);
        for (int t = fromToken; t < toToken; t++) {
            System.arraycopy(x.data(), x.offset() + t * cols + from, floats, offset(block) + t * DEPTH, length);
        }
    }
}
