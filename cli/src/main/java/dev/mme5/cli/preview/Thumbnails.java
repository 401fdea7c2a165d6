package dev.mme5.cli.preview;

import dev.mme5.engine.image.BilinearResize;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads image files and shrinks them, each file once. Unlike the model, it shows photos upright, as their metadata says. */
public final class Thumbnails {
    private final int maxSide;
    private final ImageDecoder decoder;
    private final Map<Path, Optional<RgbImage>> known = new HashMap<>();

    /**
     * @param maxSide longest side of a thumbnail, in pixels; smaller images stay as they are
     * @param maxPixels an image with more pixels gets no thumbnail
     */
    public Thumbnails(int maxSide, long maxPixels) {
        this.maxSide = maxSide;
        this.decoder = new ImageDecoder(maxPixels, true);
    }

    /** The thumbnail of a file, or empty if it cannot be read as an image. */
    public Optional<RgbImage> of(Path file) {
        return known.computeIfAbsent(file, this::read);
    }

    private Optional<RgbImage> read(Path file) {
        try {
            // Decoding may take half of the heap; the model has what it needs already.
            RgbImage image = decoder.decode(file, needed -> Runtime.getRuntime().maxMemory() / 2);
            double scale = (double) maxSide / Math.max(image.width(), image.height());
            if (scale >= 1) return Optional.of(image);
            int width = Math.max(1, (int) Math.round(image.width() * scale));
            int height = Math.max(1, (int) Math.round(image.height() * scale));
            return Optional.of(BilinearResize.resize(image, width, height));
        } catch (ImageException e) {
            return Optional.empty();
        }
    }
}
