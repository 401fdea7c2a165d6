package dev.mme5.engine.image;

/**
 * Lays a picture on the grid of tiles that fits it best: resized to fill it, padded right and below with 0.
 *
 * <p>In: pixels of any size. Out: tiles of S x S pixels. Everything is exact integer work up to the normalised floats, and
 * equal to the bit to HF's MllamaImageProcessor with Pillow before version 12 (reference section 10).
 */
public final class ImageProcessor {
    private final ImageProcessorConfig config;
    private final PixelTable table;

    public ImageProcessor(ImageProcessorConfig config) {
        this.config = config;
        this.table = new PixelTable(config);
    }

    /** The picture on its grid. May be called by many threads at once. */
    public TiledImage process(PixelImage rgb) {
        return process(rgb, "picture", HeapRoom.UNLIMITED);
    }

    /**
     * As above.
     *
     * @param name what messages call the picture
     * @param heap a picture that needs more is refused; its pixels count
     */
    public TiledImage process(PixelImage rgb, String name, HeapRoom heap) {
        CanvasFit fit = CanvasFit.of(rgb.width(), rgb.height(), config.tileSize(), config.arrangements());
        long needed = workingBytes(rgb, fit);
        long free = heap.free(needed);
        if (needed > free) throw ImageException.lackOfHeap(name, needed, free);
        PixelImage resized = BilinearResize.resize(rgb, fit.width(), fit.height());

        int canvasRow = 3 * fit.grid().tilesWide() * config.tileSize();
        byte[] canvas = new byte[canvasRow * fit.grid().tilesHigh() * config.tileSize()];
        int pictureRow = 3 * fit.width();
        for (int y = 0; y < fit.height(); y++) {
            System.arraycopy(resized.rgb(), y * pictureRow, canvas, y * canvasRow, pictureRow);
        }
        return new TiledImage(fit.grid(), fit.aspectId(), config.tileSize(), fit.width(), fit.height(), canvas, table);
    }

    /** The picture, resized across, resized, on its canvas. */
    private long workingBytes(PixelImage rgb, CanvasFit fit) {
        long canvas = 3L * fit.grid().tiles() * config.tileSize() * config.tileSize();
        return 3L * rgb.height() * (rgb.width() + fit.width()) + BilinearResize.WEIGHT_BYTES + 2 * canvas;
    }
}
