package dev.mme5.engine.family.mllama.tiling;

import java.util.ArrayList;
import java.util.List;

/**
 * A grid of square tiles: rows first, as in {@code supported_aspect_ratios} of config.json.
 *
 * @param tilesHigh rows of tiles
 * @param tilesWide tiles in a row
 */
public record TileGrid(int tilesHigh, int tilesWide) {
    public TileGrid {
        if (tilesHigh < 1 || tilesWide < 1) throw new IllegalArgumentException("no grid: " + tilesHigh + " x " + tilesWide);
    }

    public int tiles() {
        return Math.multiplyExact(tilesHigh, tilesWide);
    }

    /**
     * Every grid of at most maxTiles tiles, by height, then by width: the list from which HF's image processor chooses
     * ({@code get_all_supported_aspect_ratios}).
     */
    public static List<TileGrid> upTo(int maxTiles) {
        List<TileGrid> grids = new ArrayList<>();
        for (int high = 1; high <= maxTiles; high++) {
            for (int wide = 1; high * wide <= maxTiles; wide++) grids.add(new TileGrid(high, wide));
        }
        return List.copyOf(grids);
    }

    @Override
    public String toString() {
        return "[" + tilesHigh + ", " + tilesWide + "]";
    }
}
