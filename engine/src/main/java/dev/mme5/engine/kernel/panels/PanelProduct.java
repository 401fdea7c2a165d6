package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.simd.Species;

/**
 * A product and the order in which its tasks compute it.
 *
 * @param widens whether some columns are widened to floats in an array, once for all tokens; else each tile reads the weights as they are
 * @param readers tiles that read ahead, of those that multiply the same columns
 */
record PanelProduct(PackedTokens x, PanelSource weight, boolean widens, ColumnBlocks blocks, int readers, Matrix out) {
    /** Columns at a time, for several tiles: their weights fit into a part of the first-level cache. */
    static final int DEPTH = 256;

    /** Columns at a time for a single tile, so that those it reads ahead stay in the second-level cache. */
    static final int ONE_TILE_DEPTH = 1024;

    /**
     * Groups of tokens up to which twice as many columns are taken, so that tiles begin and end more seldom, and every tile reads 8-bit
     * weights itself: with more, these are widened once for all.
     */
    static final int FEW_GROUPS = 4;

    /**
     * Bytes of a column for each tile that reads ahead. Fewer tiles would read faster than memory gives, and wait; more would only touch
     * the same cache lines more often.
     */
    private static final int BYTES_AHEAD = 32;

    /** Tiles of 8-bit weights load a vector of bytes for one of floats, and no vector has fewer than 8 bytes. */
    private static final boolean READABLE = Species.COUNT == Species.SOME_BYTES.length();

    static PanelProduct of(PackedTokens x, PanelSource weight, Matrix out) {
        int groups = x.groups().groups();
        boolean widens = weight.type() == PanelSource.Type.INT8 && (!READABLE || groups > FEW_GROUPS);
        int readers = Math.min(groups, Math.ceilDiv(weight.columnBytes(), BYTES_AHEAD));
        ColumnBlocks blocks =
                ColumnBlocks.of(weight.cols(), depth(weight, groups, widens), weight.columnBytes(), readers);
        return new PanelProduct(x, weight, widens, blocks, readers, out);
    }

    private static int depth(PanelSource weight, int groups, boolean widens) {
        if (widens || groups > FEW_GROUPS) return DEPTH;
        if (groups == 1) return ONE_TILE_DEPTH;
        return weight.type() == PanelSource.Type.F32 ? DEPTH : 2 * DEPTH;
    }
}
