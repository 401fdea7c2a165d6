package dev.mme5.engine.image.webp.vp8;

/**
 * A decoded VP8 frame: luma at full resolution, chroma at half. Its rows become red, green and blue in libwebp's arithmetic, with
 * its "fancy" upsampling: each chroma sample weighs 9, its neighbours 3, 3 and 1 sixteenths, by nearness.
 */
public final class YuvImage {
    private final int width;
    private final int height;
    private final Plane y;
    private final Plane u;
    private final Plane v;

    /** V << 16 | U of one row, each 3 times the nearer row of chroma and the other; first sample at index 1, the ends repeated. */
    private final int[] chroma;

    YuvImage(int width, int height, Plane y, Plane u, Plane v) {
        this.width = width;
        this.height = height;
        this.y = y;
        this.u = u;
        this.v = v;
        this.chroma = new int[Math.ceilDiv(width, 2) + 2];
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Writes one row of pixels, 3 bytes each, from an offset on. */
    public void writeRgb(int row, byte[] rgb, int offset) {
        blendChromaRows(row);
        byte[] luma = y.samples;
        int from = y.offset(row, 0);
        int pairs = width >> 1;
        for (int i = 0; i < pairs; i++) {
            int near = 3 * chroma[i + 1] + 0x0008_0008;
            int out = offset + 6 * i;
            writePixel(luma[from + 2 * i], near + chroma[i], rgb, out);
            writePixel(luma[from + 2 * i + 1], near + chroma[i + 2], rgb, out + 3);
        }
        if ((width & 1) != 0) {
            int chromas = 3 * chroma[pairs + 1] + chroma[pairs] + 0x0008_0008;
            writePixel(luma[from + width - 1], chromas, rgb, offset + 3 * (width - 1));
        }
    }

    /** Converts one pixel; its chroma is 16 times as large, V in the upper half. */
    private static void writePixel(byte luma, int chromas, byte[] rgb, int out) {
        int cb = chromas >>> 4 & 0xff;
        int cr = chromas >>> 20;
        int light = (luma & 0xff) * 19077 >> 8;
        rgb[out] = clamp(light + (cr * 26149 >> 8) - 14234);
        rgb[out + 1] = clamp(light - (cb * 6419 >> 8) - (cr * 13320 >> 8) + 8708);
        rgb[out + 2] = clamp(light + (cb * 33050 >> 8) - 17685);
    }

    private void blendChromaRows(int row) {
        int chromaRows = Math.ceilDiv(height, 2);
        int near = row >> 1;
        int far = Math.clamp(near + ((row & 1) << 1) - 1, 0, chromaRows - 1);
        int nearOffset = u.offset(near, 0);
        int farOffset = u.offset(far, 0);
        int columns = chroma.length - 2;
        byte[] us = u.samples;
        byte[] vs = v.samples;
        for (int i = 0; i < columns; i++) {
            int cb = 3 * (us[nearOffset + i] & 0xff) + (us[farOffset + i] & 0xff);
            int cr = 3 * (vs[nearOffset + i] & 0xff) + (vs[farOffset + i] & 0xff);
            chroma[1 + i] = cr << 16 | cb;
        }
        chroma[0] = chroma[1];
        chroma[columns + 1] = chroma[columns];
    }

    /** The upper 8 of 14 bits, within 0 to 255. */
    private static byte clamp(int value) {
        if ((value & ~0x3fff) == 0) return (byte) (value >> 6);
        return (byte) (value < 0 ? 0 : 255);
    }
}
