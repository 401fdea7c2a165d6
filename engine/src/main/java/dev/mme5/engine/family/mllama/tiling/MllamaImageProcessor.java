package dev.mme5.engine.family.mllama.tiling;

import dev.mme5.engine.image.BilinearResize;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;

/**
 * Puts an image on the canvas of tiles that fits it best: resized to fill it, padded right and below with 0.
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

    /** The image on its canvas. May be called by many threads at once. */
    public TiledImage process(RgbImage rgb) {
        return process(rgb, "image", HeapLimit.UNLIMITED);
    }

    /**
     * As above.
     *
     * @param name what messages call the image
     * @param heap an image that needs more is refused; its pixels count
     */
    public TiledImage process(RgbImage rgb, String name, HeapLimit heap) {
        CanvasLayout layout = CanvasLayout.of(rgb.width(), rgb.height(), config.tileSize(), config.tileGrids());
        long needed = workingBytes(rgb, layout);
        long free = heap.free(needed);
        if (needed > free) throw ImageException.lackOfHeap(name, needed, free);
        RgbImage resized = BilinearResize.resize(rgb, layout.width(), layout.height());

        int canvasRow = 3 * layout.grid().tilesWide() * config.tileSize();
        byte[] canvas = new byte[Math.toIntExact(TiledImage.canvasBytes(layout.grid().tiles(), config.tileSize()))];
        int imageRow = 3 * layout.width();
        for (int y = 0; y < layout.height(); y++) {
            System.arraycopy(resized.rgb(), y * imageRow, canvas, y * canvasRow, imageRow);
        }
        return new TiledImage(layout.grid(), layout.aspectRatioId(), config.tileSize(), layout.width(), layout.height(), canvas, table);
    }

    /** The image, resized across, resized, on its canvas. */
    private long workingBytes(RgbImage rgb, CanvasLayout layout) {
        long canvas = TiledImage.canvasBytes(layout.grid().tiles(), config.tileSize());
        return 3L * rgb.height() * (rgb.width() + layout.width()) + BilinearResize.WEIGHT_BYTES + 2 * canvas;
    }
}
