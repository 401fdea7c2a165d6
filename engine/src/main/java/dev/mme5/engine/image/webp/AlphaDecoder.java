package dev.mme5.engine.image.webp;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.webp.vp8l.Vp8lDecoder;

/**
 * The alpha of a lossy image, an ALPH chunk (RFC 9649 section 2.7.1.2): raw, or the green channel of a lossless image; then each
 * value was stored as its difference from a neighbour.
 */
final class AlphaDecoder {
    private static final int RAW = 0;
    private static final int LOSSLESS = 1;

    private static final int UNFILTERED = 0;
    private static final int HORIZONTAL = 1;
    private static final int VERTICAL = 2;

    private final ImageBytes file;
    private final int from;
    private final int end;
    private final int width;
    private final int height;

    /**
     * @param from byte of the file where the chunk's payload starts
     * @param end the byte after it
     */
    AlphaDecoder(ImageBytes file, int from, int end, int width, int height) {
        this.file = file;
        this.from = from;
        this.end = end;
        this.width = width;
        this.height = height;
    }

    /**
     * Decodes the chunk.
     *
     * @param heapBytes what the caller has asked for already
     * @return alpha [height, width]
     */
    byte[] decode(long heapBytes) {
        if (end - from < 2) throw file.damaged("its alpha is missing");
        int flags = file.u8(from);
        int compression = flags & 3;
        int filter = flags >> 2 & 3;
        int preprocessing = flags >> 4 & 3; // tells what an encoder did; nothing has to be undone
        if (compression > LOSSLESS || preprocessing > 1 || flags >> 6 != 0) {
            throw file.damaged("alpha of an unknown kind 0x%02x".formatted(flags));
        }
        byte[] alpha = compression == RAW ? raw() : lossless(heapBytes);
        if (filter != UNFILTERED) unfilter(alpha, filter);
        return alpha;
    }

    private byte[] raw() {
        int size = width * height;
        if (end - from - 1 < size) throw file.damaged("its alpha has %d bytes, expected %d".formatted(end - from - 1, size));
        byte[] alpha = new byte[size];
        System.arraycopy(file.bytes(), from + 1, alpha, 0, size);
        return alpha;
    }

    private byte[] lossless(long heapBytes) {
        int[] argb = new Vp8lDecoder(file, from + 1, end, width, height, heapBytes).decode();
        byte[] alpha = new byte[argb.length];
        for (int i = 0; i < alpha.length; i++) alpha[i] = (byte) (argb[i] >> 8);
        return alpha;
    }

    /** The first row is always horizontal; the other rows' first values follow the value above. */
    private void unfilter(byte[] alpha, int filter) {
        for (int x = 1; x < width; x++) alpha[x] += alpha[x - 1];
        for (int row = width; row < alpha.length; row += width) {
            switch (filter) {
                case HORIZONTAL -> {
                    alpha[row] += alpha[row - width];
                    for (int i = row + 1; i < row + width; i++) alpha[i] += alpha[i - 1];
                }
                case VERTICAL -> {
                    for (int i = row; i < row + width; i++) alpha[i] += alpha[i - width];
                }
                default -> {
                    alpha[row] += alpha[row - width];
                    for (int i = row + 1; i < row + width; i++) alpha[i] += gradient(alpha, i);
                }
            }
        }
    }

    private byte gradient(byte[] alpha, int i) {
        int sum = (alpha[i - 1] & 0xff) + (alpha[i - width] & 0xff) - (alpha[i - width - 1] & 0xff);
        return (byte) Math.max(0, Math.min(255, sum));
    }
}
