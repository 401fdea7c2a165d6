package dev.mme5.server.library;

import dev.mme5.engine.image.BilinearResize;
import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.PngEncoder;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Small PNGs of image files, upright as their metadata says. Those of late are kept. */
final class ThumbnailCache {
    /** Images that are decoded at the same time: each may take many times its thumbnail's memory. */
    private static final int DECODERS = 2;
    private static final long HEAP_SHARE = 16;
    private static final long MAX_PIXELS = 100_000_000;
    private static final long MAX_KEPT_SHARE = 32;
    private static final long MAX_KEPT_BYTES = 64 << 20;

    private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS, true);
    private final Semaphore decoders = new Semaphore(DECODERS, true);
    private final long maxKept = Math.min(MAX_KEPT_BYTES, Runtime.getRuntime().maxMemory() / MAX_KEPT_SHARE);
    private final Map<String, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /**
     * The PNG of a file's image.
     *
     * @param maxSide longest side, in pixels
     * @return null if it cannot be read, or is too large to be decoded for this
     */
    byte[] of(Path file, int maxSide) throws InterruptedException, IOException {
        String key = maxSide + " " + Files.getLastModifiedTime(file).toMillis() + " " + Files.size(file) + " " + file;
        synchronized (kept) {
            byte[] known = kept.get(key);
            if (known != null) return known;
        }
        decoders.acquire();
        try {
            byte[] png = PngEncoder.encode(shrunk(file, maxSide));
            keep(key, png);
            return png;
        } catch (ImageException e) {
            return null;
        } finally {
            decoders.release();
        }
    }

    private RgbImage shrunk(Path file, int maxSide) {
        long heap = Math.max(Runtime.getRuntime().maxMemory() / HEAP_SHARE, 24 << 20);
        RgbImage image = decoder.decode(file, needed -> heap);
        double scale = (double) maxSide / Math.max(image.width(), image.height());
        if (scale >= 1) return image;
        int width = Math.max(1, (int) Math.round(image.width() * scale));
        int height = Math.max(1, (int) Math.round(image.height() * scale));
        return BilinearResize.resize(image, width, height);
    }

    private void keep(String key, byte[] png) {
        synchronized (kept) {
            if (kept.put(key, png) == null) keptBytes += png.length;
            var oldest = kept.entrySet().iterator();
            while (keptBytes > maxKept && oldest.hasNext()) {
                keptBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }
}
