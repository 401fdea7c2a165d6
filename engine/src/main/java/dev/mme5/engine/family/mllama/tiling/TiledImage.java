package dev.mme5.engine.family.mllama.tiling;

import dev.mme5.weights.file.Sha256;
import java.nio.ByteBuffer;

/**
 * A picture laid on a grid of tiles, ready for the vision encoder. It stays in bytes; a tile's floats are made on demand, so
 * that nobody need hold all of them.
 *
 * @param grid the arrangement of the tiles; tile index = row * tilesWide + column
 * @param aspectId 1 + index of the grid in the model's list of arrangements
 * @param tileSize S, pixels a side of a tile
 * @param width pixels a row that the picture covers; the rest, to the right, is 0
 * @param height rows that the picture covers; the rest, below, is 0
 * @param canvas red, green, blue, unsigned bytes [tilesHigh * S, tilesWide * S, 3]; shared, not copied
 * @param table what a byte becomes in the model's input
 */
public record TiledImage(
        TileGrid grid, int aspectId, int tileSize, int width, int height, byte[] canvas, NormalizationTable table) {
    public TiledImage {
        if (canvas.length != 3L * grid.tiles() * tileSize * tileSize) {
            throw new IllegalArgumentException(
                    "%d bytes for %s tiles of %d pixels a side".formatted(canvas.length, grid, tileSize));
        }
    }

    /**
     * Writes one tile as the model sees it.
     *
     * @param tile index of a tile of the grid, row by row
     * @param out receives normalised floats [3, S, S]: red, green, blue
     * @param at index in out of the first float
     */
    public void pixels(int tile, float[] out, int at) {
        if (tile < 0 || tile >= grid.tiles()) throw new IndexOutOfBoundsException("tile " + tile + " of " + grid.tiles());
        int rowBytes = 3 * grid.tilesWide() * tileSize;
        int firstRow = tile / grid.tilesWide() * tileSize;
        int firstByte = tile % grid.tilesWide() * tileSize * 3;
        for (int channel = 0; channel < 3; channel++) {
            float[] values = table.channel(channel);
            for (int y = 0; y < tileSize; y++) {
                int from = (firstRow + y) * rowBytes + firstByte + channel;
                int to = at + (channel * tileSize + y) * tileSize;
                for (int x = 0; x < tileSize; x++) out[to + x] = values[canvas[from + 3 * x] & 0xff];
            }
        }
    }

    /** SHA-256 of the grid and the canvas: pictures with equal keys have equal pixels, under one configuration. */
    public byte[] contentKey() {
        byte[] layout = ByteBuffer.allocate(12).putInt(grid.tilesHigh()).putInt(grid.tilesWide()).putInt(tileSize).array();
        return new Sha256().update(layout).update(canvas).digest();
    }
}
