package dev.mme5.engine.family.mllama.tiling;

import java.util.List;

/**
 * The place of an image on its canvas: the grid of tiles, and the size to which the image is resized in its upper left corner.
 *
 * <p>Every expression is evaluated in double exactly as HF's image processor writes it (reference sections 10.2, 10.3):
 * products that are equal on paper round differently, and one pixel of size changes the embedding.
 *
 * @param aspectRatioId 1 + index of the grid in the model's list
 * @param width pixels of the resized image, at most a row of tiles
 * @param height pixels of the resized image, at most a column of tiles
 */
public record CanvasLayout(TileGrid grid, int aspectRatioId, int width, int height) {
    /** The layout of an image of width x height pixels on one of the grids of tiles of tileSize x tileSize pixels. */
    public static CanvasLayout of(int width, int height, int tileSize, List<TileGrid> grids) {
        int index = chooseGrid(width, height, tileSize, grids);
        TileGrid grid = grids.get(index);

        int targetWidth = Math.clamp(width, tileSize, grid.tilesWide() * tileSize);
        int targetHeight = Math.clamp(height, tileSize, grid.tilesHigh() * tileSize);
        double scaleWidth = (double) targetWidth / width;
        double scaleHeight = (double) targetHeight / height;
        if (scaleWidth < scaleHeight) {
            int scaled = (int) Math.floor(height * scaleWidth);
            return new CanvasLayout(grid, index + 1, targetWidth, Math.clamp(scaled, 1, targetHeight));
        }
        int scaled = (int) Math.floor(width * scaleHeight);
        return new CanvasLayout(grid, index + 1, Math.clamp(scaled, 1, targetWidth), targetHeight);
    }

    /** The grid that enlarges least; if every grid shrinks, the one that shrinks least. Ties: fewest tiles, then first. */
    private static int chooseGrid(int width, int height, int tileSize, List<TileGrid> grids) {
        int best = 0;
        double bestScale = scale(width, height, tileSize, grids.getFirst());
        for (int i = 1; i < grids.size(); i++) {
            double scale = scale(width, height, tileSize, grids.get(i));
            boolean better = scale >= 1 ? bestScale < 1 || scale < bestScale : bestScale < 1 && scale > bestScale;
            if (better || scale == bestScale && grids.get(i).tiles() < grids.get(best).tiles()) {
                best = i;
                bestScale = scale;
            }
        }
        return best;
    }

    private static double scale(int width, int height, int tileSize, TileGrid grid) {
        double scaleHeight = (double) (grid.tilesHigh() * tileSize) / height;
        double scaleWidth = (double) (grid.tilesWide() * tileSize) / width;
        return Math.min(scaleHeight, scaleWidth);
    }
}
