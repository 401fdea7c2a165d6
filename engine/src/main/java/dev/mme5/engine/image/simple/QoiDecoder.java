package dev.mme5.engine.image.simple;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;

/** QOI, by the specification at qoiformat.org. Of a file with three channels alpha does not count. */
public final class QoiDecoder {
    private static final int HEADER = 14;
    private static final int ALPHA = 3;

    private final ImageBytes file;
    private final byte[] pixel = {0, 0, 0, (byte) 255};
    private final byte[] seen = new byte[4 * 64];

    private QoiDecoder(ImageBytes file) {
        this.file = file;
    }

    public static RgbImage decode(ImageBytes file) {
        return new QoiDecoder(file).decode();
    }

    private RgbImage decode() {
        file.require(0, HEADER);
        long width = file.u32BigEndian(4);
        long height = file.u32BigEndian(8);
        file.requireSize(width, height);
        boolean opaque = file.u8(12) == 3;
        byte[] rgb = file.newPixels(3 * width * height, 0);
        int offset = HEADER;
        for (int written = 0; written < rgb.length;) {
            int run = 1;
            int code = file.u8(offset++);
            if (code >= 0xfe) {
                int channels = code == 0xfe ? 3 : 4;
                file.require(offset, channels);
                System.arraycopy(file.bytes(), offset, pixel, 0, channels);
                offset += channels;
            } else if (code >> 6 == 3) {
                run = (code & 63) + 1;
            } else if (code >> 6 == 0) {
                System.arraycopy(seen, 4 * (code & 63), pixel, 0, 4);
            } else if (code >> 6 == 1) {
                add((code >> 4 & 3) - 2, (code >> 2 & 3) - 2, (code & 3) - 2);
            } else {
                int green = (code & 63) - 32;
                int others = file.u8(offset++);
                add(green + (others >> 4) - 8, green, green + (others & 15) - 8);
            }
            if (code >> 6 != 3 || code >= 0xfe) remember();
            int alpha = opaque ? 255 : pixel[ALPHA] & 0xff;
            for (; run > 0 && written < rgb.length; run--, written += 3) {
                WhiteBackground.put(pixel[0] & 0xff, pixel[1] & 0xff, pixel[2] & 0xff, alpha, rgb, written);
            }
        }
        return new RgbImage((int) width, (int) height, rgb);
    }

    private void add(int red, int green, int blue) {
        pixel[0] += (byte) red;
        pixel[1] += (byte) green;
        pixel[2] += (byte) blue;
    }

    private void remember() {
        int hash = (pixel[0] & 0xff) * 3 + (pixel[1] & 0xff) * 5 + (pixel[2] & 0xff) * 7 + (pixel[ALPHA] & 0xff) * 11;
        System.arraycopy(pixel, 0, seen, 4 * (hash % 64), 4);
    }
}
