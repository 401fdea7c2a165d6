package dev.mme5.engine.image.gif;

import dev.mme5.engine.image.raster.ImageBytes;

/** The variable-length LZW codes of a GIF: each stands for a string of colours, usually an earlier string and one more. */
final class GifLzwReader {
    private static final int MAX_CODES = 4096;
    private static final int NONE = -1;

    private final ImageBytes file;
    private final byte[] data;
    private final int rootBits;
    private long bit;

    // A string is the string of another code, followed by a last colour.
    private final int[] prefix = new int[MAX_CODES];
    private final byte[] last = new byte[MAX_CODES];
    private final byte[] first = new byte[MAX_CODES];
    private final int[] length = new int[MAX_CODES];

    /**
     * @param data the codes, first bit lowest
     * @param rootBits bits of a colour
     */
    GifLzwReader(ImageBytes file, byte[] data, int rootBits) {
        this.file = file;
        this.data = data;
        this.rootBits = rootBits;
        for (int i = 0; i < 1 << rootBits; i++) {
            last[i] = (byte) i;
            first[i] = (byte) i;
            length[i] = 1;
        }
    }

    /** Returns exactly this many colours. Fewer codes are damage; codes beyond are ignored. */
    byte[] expand(int count) {
        int clear = 1 << rootBits;
        int end = clear + 1;
        byte[] out = new byte[count];
        int written = 0;
        int codes = end + 1;
        int bits = rootBits + 1;
        int previous = NONE;
        while (written < count) {
            int code = read(bits);
            if (code == clear) {
                codes = end + 1;
                bits = rootBits + 1;
                previous = NONE;
                continue;
            }
            if (code == end) throw file.damaged("it ends after %d of %d pixels".formatted(written, count));
            boolean known = code < codes && (previous != NONE || code < clear);
            boolean isNext = code == codes && previous != NONE && codes < MAX_CODES;
            if (!known && !isNext) throw file.damaged("an impossible code after %d of %d pixels".formatted(written, count));
            if (previous != NONE && codes < MAX_CODES) {
                prefix[codes] = previous;
                first[codes] = first[previous];
                last[codes] = first[code]; // the code may be this very one
                length[codes] = length[previous] + 1;
                codes++;
                if (codes == 1 << bits && bits < 12) bits++;
            }
            written = write(code, out, written);
            previous = code;
        }
        return out;
    }

    private int read(int bits) {
        if (bit + bits > 8L * data.length) throw file.damaged("its codes end before its pixels");
        int code = 0;
        for (int i = 0; i < bits; i++, bit++) code |= (data[(int) (bit >> 3)] >> (int) (bit & 7) & 1) << i;
        return code;
    }

    /** Writes a code's string, last colour first, as far as it fits; returns the offset after it. */
    private int write(int code, byte[] out, int offset) {
        int end = offset + length[code];
        int string = code;
        for (int i = end - 1; i >= offset; i--) {
            if (i < out.length) out[i] = last[string];
            string = prefix[string];
        }
        return Math.min(end, out.length);
    }
}
