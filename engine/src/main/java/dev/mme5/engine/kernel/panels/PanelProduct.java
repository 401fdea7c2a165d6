package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.simd.Species;

/**
 * A product and the order in which its tasks compute it.
 *
 * @param readers tiles that read ahead, of those that multiply the same columns
 */
record PanelProduct(PackedTokens x, PanelSource weight, ColumnBlocks blocks, int readers, Matrix out) {
    /** Columns at a time, for several tiles: their weights fit into a part of the first-level cache. */
    private static final int DEPTH = 256;

    /** Most columns at a time for a single tile, so that those it reads ahead stay in the second-level cache. */
    private static final int ONE_TILE_DEPTH = 1024;

    /** The same for bfloat16: with 8 places, 1280 columns in one block are faster than two blocks of 640. */
    private static final int ONE_BF16_TILE_DEPTH = 1280;

    /** Places from which a single tile of bfloat16 reads ahead, instead of {@link PanelTiles#STREAMS}. */
    private static final int ONE_BF16_TILE_STREAMS = 8;

    /** Groups of tokens up to which twice as many columns are taken, so that tiles begin and end more seldom. */
    private static final int FEW_GROUPS = 4;

    /**
     * Bytes of a column for each tile that reads ahead. Fewer tiles would read faster than memory gives, and wait; more would only touch
     * the same cache lines more often.
     */
    private static final int BYTES_AHEAD = 32;

    /** @param blocks from {@link #blocks}, for the same weight and groups of tokens */
    static PanelProduct of(PackedTokens x, PanelSource weight, ColumnBlocks blocks, Matrix out) {
        return new PanelProduct(x, weight, blocks, readers(weight, x.groups().groups()), out);
    }

    /**
     * The columns of a weight, in blocks for so many groups of tokens.
     *
     * @param inSteps whether {@link #readsInSteps}
     */
    static ColumnBlocks blocks(PanelSource weight, int groups, boolean inSteps) {
        int streams = inSteps ? 1 : isOneBf16Tile(weight, groups) ? ONE_BF16_TILE_STREAMS : PanelTiles.STREAMS;
        int passes = inSteps ? PanelTiles.HALF / Species.COUNT : 1;
        return ColumnBlocks.of(weight.cols(), depth(weight, groups), weight.columnBytes(), readers(weight, groups), passes, streams);
    }

    /** Whether the tiles of some of these tokens read ahead in steps, and so all of them from one place. */
    static boolean readsInSteps(PanelSource weight, TokenGroups groups) {
        return weight.type() == PanelSource.Type.BF16 && groups.size(0) >= PanelTiles.MIN_STEP_TOKENS;
    }

    private static int readers(PanelSource weight, int groups) {
        return Math.min(groups, Math.ceilDiv(weight.columnBytes(), BYTES_AHEAD));
    }

    private static int depth(PanelSource weight, int groups) {
        if (groups == 1) return equalDepth(weight.cols(), isOneBf16Tile(weight, groups) ? ONE_BF16_TILE_DEPTH : ONE_TILE_DEPTH);
        return weight.type() == PanelSource.Type.F32 || groups > FEW_GROUPS ? DEPTH : 2 * DEPTH;
    }

    /**
     * Columns of blocks of about equal size: a short one would have to read a long one ahead, and has too few columns for that. They are
     * whole groups, because scales of 8-bit weights belong to whole groups.
     */
    private static int equalDepth(int cols, int max) {
        int count = Math.max(1, Math.ceilDiv(cols, max));
        return Math.max(1, Math.ceilDiv(cols, count * PanelTiles.GROUP)) * PanelTiles.GROUP;
    }

    private static boolean isOneBf16Tile(PanelSource weight, int groups) {
        return groups == 1 && weight.type() == PanelSource.Type.BF16;
    }
}
