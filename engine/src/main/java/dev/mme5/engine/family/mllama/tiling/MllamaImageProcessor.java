package dev.mme5.engine.family.mllama.tiling;

import dev.mme5.engine.image.BilinearResize;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;

/**
 * Lays a picture on the grid of tiles that fits it best: resized to fill it, padded right and below with 0.
 *
 * <p>In: pixels of any size. Out: tiles of S x S pixels. Everything is exact integer work up to the normalised floats, and
 * equal to the bit to HF's MllamaImageProcessor with Pillow before version 12 (reference section 10).
 */
public final class MllamaImageProcessor {
    private final MllamaImageProcessorConfig config;
    private final NormalizationTable table;

    public MllamaImageProcessor(MllamaImageProcessorConfig config) {
        this.config = config;
        this.table = new NormalizationTable(config);
    }

    /** The picture on its grid. May be called by many threads at once. */
    public TiledImage process(RgbImage rgb) {
        return process(rgb, "picture", HeapLimit.UNLIMITED);
    }

    /**
     * As above.
     *
     * @param name what messages call the picture
     * @param heap a picture that needs more is refused; its pixels count
     */
    public TiledImage process(RgbImage rgb, String name, HeapLimit heap) {
        CanvasLayout fit = CanvasLayout.of(rgb.width(), rgb.height(), config.tileSize(), config.arrangements());
        long needed = workingBytes(rgb, fit);
        long free = heap.free(needed);
        if (needed > free) throw ImageException.lackOfHeap(name, needed, free);
        RgbImage resized = BilinearResize.resize(rgb, fit.width(), fit.height());

        int canvasRow = 3 * fit.grid().tilesWide() * config.tileSize();
        byte[] canvas = new byte[canvasRow * fit.grid().tilesHigh() * config.tileSize()];
        int pictureRow = 3 * fit.width();
        for (int y = 0; y < fit.height(); y++) {
            System.arraycopy(resized.rgb(), y * pictureRow, canvas, y * canvasRow, pictureRow);
        }
        return new TiledImage(fit.grid(), fit.aspectId(), config.tileSize(), fit.width(), fit.height(), canvas, table);
    }

    /** The picture, resized across, resized, on its canvas. */
    private long workingBytes(RgbImage rgb, CanvasLayout fit) {
        long canvas = 3L * fit.grid().tiles() * config.tileSize() * config.tileSize();
        return 3L * rgb.height() * (rgb.width() + fit.width()) + BilinearResize.WEIGHT_BYTES + 2 * canvas;
    }
}
