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
    private final int[] uRow;
    private final int[] vRow;

    YuvImage(int width, int height, Plane y, Plane u, Plane v) {
        this.width = width;
        this.height = height;
        this.y = y;
        this.u = u;
        this.v = v;
        int chromaWidth = Math.ceilDiv(width, 2);
        this.uRow = new int[chromaWidth + 2];
        this.vRow = new int[chromaWidth + 2];
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** Writes one row of pixels, 3 bytes each, from an offset on. */
    public void writeRgb(int row, byte[] rgb, int offset) {
        blendRows(u, row, uRow);
        blendRows(v, row, vRow);
        byte[] luma = y.samples;
        int from = y.offset(row, 0);
        for (int x = 0, out = offset; x < width; x++, out += 3) {
            int near = (x >> 1) + 1;
            int far = near + ((x & 1) << 1) - 1;
            int cb = 3 * uRow[near] + uRow[far] + 8 >> 4;
            int cr = 3 * vRow[near] + vRow[far] + 8 >> 4;
            int light = (luma[from + x] & 0xff) * 19077 >> 8;
            rgb[out] = clamp(light + (cr * 26149 >> 8) - 14234);
            rgb[out + 1] = clamp(light - (cb * 6419 >> 8) - (cr * 13320 >> 8) + 8708);
            rgb[out + 2] = clamp(light + (cb * 33050 >> 8) - 17685);
        }
    }

    /** Sum of 3 times the nearer row of chroma and the other; the ends are repeated, first sample at index 1. */
    private void blendRows(Plane plane, int row, int[] out) {
        int chromaRows = Math.ceilDiv(height, 2);
        int near = row >> 1;
        int far = Math.clamp(near + ((row & 1) << 1) - 1, 0, chromaRows - 1);
        int nearOffset = plane.offset(near, 0);
        int farOffset = plane.offset(far, 0);
        int columns = out.length - 2;
        byte[] samples = plane.samples;
        for (int i = 0; i < columns; i++) {
            out[1 + i] = 3 * (samples[nearOffset + i] & 0xff) + (samples[farOffset + i] & 0xff);
        }
        out[0] = out[1];
        out[columns + 1] = out[columns];
    }

    /** The upper 8 of 14 bits, within 0 to 255. */
    private static byte clamp(int value) {
        if ((value & ~0x3fff) == 0) return (byte) (value >> 6);
        return (byte) (value < 0 ? 0 : 255);
    }
}
