package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;

/**
 * A product and the order in which its tasks compute it.
 *
 * @param readers tiles that read ahead, of those that multiply the same columns
 */
record PanelProduct(PackedTokens x, PanelSource weight, ColumnBlocks blocks, int readers, Matrix out) {
    /** Columns at a time, for several tiles: their weights fit into a part of the first-level cache. */
    static final int DEPTH = 256;

    /** Columns at a time for a single tile, so that those it reads ahead stay in the second-level cache. */
    static final int ONE_TILE_DEPTH = 1024;

    /** Groups of tokens up to which twice as many columns are taken, so that tiles begin and end more seldom. */
    private static final int FEW_GROUPS = 4;

    /**
     * Bytes of a column for each tile that reads ahead. Fewer tiles would read faster than memory gives, and wait; more would only touch
     * the same cache lines more often.
     */
    private static final int BYTES_AHEAD = 32;

    static PanelProduct of(PackedTokens x, PanelSource weight, Matrix out) {
        int groups = x.groups().groups();
        int readers = Math.min(groups, Math.ceilDiv(weight.columnBytes(), BYTES_AHEAD));
        ColumnBlocks blocks = ColumnBlocks.of(weight.cols(), depth(weight, groups), weight.columnBytes(), readers);
        return new PanelProduct(x, weight, blocks, readers, out);
    }

    private static int depth(PanelSource weight, int groups) {
        if (groups == 1) return ONE_TILE_DEPTH;
        return weight.type() == PanelSource.Type.F32 || groups > FEW_GROUPS ? DEPTH : 2 * DEPTH;
    }
}
