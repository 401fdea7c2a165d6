package dev.mme5.engine.family.mllama.tiling;

import dev.mme5.engine.family.PreparedImage;
import dev.mme5.weights.file.Sha256;
import java.nio.ByteBuffer;

/**
 * An image on the canvas of its tile grid, ready for the vision encoder. The canvas is bytes; a tile's floats are made on
 * demand, so that they need not be held all at once.
 *
 * @param grid of the tiles; tile index = row * tilesWide + column
 * @param aspectRatioId 1 + index of the grid in the model's list of grids
 * @param tileSize S, pixels a side of a tile
 * @param width pixels a row that the image covers; the rest, to the right, is 0
 * @param height rows that the image covers; the rest, below, is 0
 * @param canvas red, green, blue, unsigned bytes [tilesHigh * S, tilesWide * S, 3]; shared, not copied
 * @param table the model's input for each byte
 */
public record TiledImage(
        TileGrid grid, int aspectRatioId, int tileSize, int width, int height, byte[] canvas,
        NormalizationTable table) implements PreparedImage {
    public TiledImage {
        if (canvas.length != canvasBytes(grid.tiles(), tileSize)) {
            throw new IllegalArgumentException(
                    "%d bytes for %s tiles of %d pixels a side".formatted(canvas.length, grid, tileSize));
        }
    }

    /** Bytes of the canvas of that many tiles. */
    public static long canvasBytes(int tiles, int tileSize) {
        return 3L * tiles * tileSize * tileSize;
    }

    /**
     * Writes one tile as the model reads it.
     *
     * @param tile index of a tile of the grid, row by row
     * @param out receives normalised floats [3, S, S]: red, green, blue
     * @param offset index in out of the first float
     */
    public void pixels(int tile, float[] out, int offset) {
        if (tile < 0 || tile >= grid.tiles()) throw new IndexOutOfBoundsException("tile " + tile + " of " + grid.tiles());
        int rowBytes = 3 * grid.tilesWide() * tileSize;
        int firstRow = tile / grid.tilesWide() * tileSize;
        int firstByte = tile % grid.tilesWide() * tileSize * 3;
        for (int channel = 0; channel < 3; channel++) {
            float[] values = table.channel(channel);
            for (int y = 0; y < tileSize; y++) {
                int source = (firstRow + y) * rowBytes + firstByte + channel;
                int target = offset + (channel * tileSize + y) * tileSize;
                for (int x = 0; x < tileSize; x++) out[target + x] = values[canvas[source + 3 * x] & 0xff];
            }
        }
    }

    @Override
    public long bytes() {
        return canvas.length;
    }

    /** SHA-256 of the grid and the canvas. */
    @Override
    public ByteBuffer contentKey() {
        byte[] layout = ByteBuffer.allocate(12).putInt(grid.tilesHigh()).putInt(grid.tilesWide()).putInt(tileSize).array();
        return ByteBuffer.wrap(new Sha256().update(layout).update(canvas).digest());
    }
}
