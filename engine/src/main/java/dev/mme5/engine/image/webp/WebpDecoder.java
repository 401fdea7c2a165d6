package dev.mme5.engine.image.webp;

import dev.mme5.engine.image.raster.ExifOrientation;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;
import dev.mme5.engine.image.raster.XmpOrientation;
import dev.mme5.engine.image.webp.WebpContainer.Frame;
import dev.mme5.engine.image.webp.WebpContainer.Range;
import dev.mme5.engine.image.webp.vp8.Vp8Decoder;
import dev.mme5.engine.image.webp.vp8.YuvImage;
import dev.mme5.engine.image.webp.vp8l.Vp8lDecoder;
import java.util.Arrays;

/**
 * The first frame of a WebP file on its canvas, equal to the bit to Pillow's, which is that of libwebp's animation decoder: what
 * the frame leaves free is transparent (white), or black if the file has no alpha.
 */
public final class WebpDecoder {
    private static final byte WHITE = (byte) 255;
    private static final int OPAQUE = 255;

    private final ImageBytes file;
    private final boolean applyOrientation;

    /** @param applyOrientation whether the image is made upright as its Exif block or XMP packet says */
    public WebpDecoder(ImageBytes file, boolean applyOrientation) {
        this.file = file;
        this.applyOrientation = applyOrientation;
    }

    public RgbImage decode() {
        WebpContainer container = new WebpContainer(file);
        int width = container.width();
        int height = container.height();
        file.requireSize(width, height);
        Frame frame = container.firstFrame();
        Orientation orientation = applyOrientation ? orientation(container) : Orientation.UPRIGHT;
        long rgbBytes = 3L * width * height;
        long workingBytes = orientation.bytes(rgbBytes) + frameBytes(frame);
        long heapBytes = file.length() + rgbBytes + workingBytes;
        byte[] rgb = file.newPixels(rgbBytes, workingBytes);
        boolean covered = frame.width() == width && frame.height() == height;
        if (!covered && container.hasAlpha()) Arrays.fill(rgb, WHITE);

        if (frame.lossless()) {
            int[] argb = Vp8lDecoder.ofImage(file, frame.image().from(), frame.image().end(), heapBytes).decode();
            draw(argb, frame, container.hasAlpha(), rgb, width);
        } else {
            Range chunk = frame.alpha();
            byte[] alpha = null;
            if (!chunk.isEmpty()) {
                alpha = new AlphaDecoder(file, chunk.from(), chunk.end(), frame.width(), frame.height()).decode(heapBytes);
            }
            YuvImage image = new Vp8Decoder(file, frame.image().from(), frame.image().end()).decode();
            draw(image, container.hasAlpha() ? alpha : null, frame, rgb, width);
        }
        return orientation.apply(new RgbImage(width, height, rgb));
    }

    private static long frameBytes(Frame frame) {
        long width = frame.width();
        long height = frame.height();
        if (frame.lossless()) return Vp8lDecoder.heapBytes(width, height);
        long image = Vp8Decoder.heapBytes(width, height);
        if (frame.alpha().isEmpty()) return image;
        return width * height + Math.max(image, Vp8lDecoder.heapBytes(width, height));
    }

    private static void draw(int[] argb, Frame frame, boolean hasAlpha, byte[] rgb, int canvasWidth) {
        for (int y = 0, i = 0; y < frame.height(); y++) {
            int out = 3 * ((frame.y() + y) * canvasWidth + frame.x());
            for (int x = 0; x < frame.width(); x++, i++, out += 3) {
                int pixel = argb[i];
                if (!hasAlpha || pixel >>> 24 == OPAQUE) {
                    rgb[out] = (byte) (pixel >> 16);
                    rgb[out + 1] = (byte) (pixel >> 8);
                    rgb[out + 2] = (byte) pixel;
                } else {
                    WhiteBackground.put(pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff, pixel >>> 24, rgb, out);
                }
            }
        }
    }

    private static void draw(YuvImage image, byte[] alpha, Frame frame, byte[] rgb, int canvasWidth) {
        for (int y = 0; y < frame.height(); y++) {
            int row = 3 * ((frame.y() + y) * canvasWidth + frame.x());
            image.writeRgb(y, rgb, row);
            if (alpha == null) continue;
            for (int x = 0, out = row; x < frame.width(); x++, out += 3) {
                int a = alpha[y * frame.width() + x] & 0xff;
                if (a == OPAQUE) continue;
                WhiteBackground.put(rgb[out] & 0xff, rgb[out + 1] & 0xff, rgb[out + 2] & 0xff, a, rgb, out);
            }
        }
    }

    private Orientation orientation(WebpContainer container) {
        Range exif = container.exif();
        Range xmp = container.xmp();
        return Orientation.firstOf(
                ExifOrientation.of(file.bytes(), exif.from(), exif.length()),
                XmpOrientation.of(Arrays.copyOfRange(file.bytes(), xmp.from(), xmp.end())));
    }
}
