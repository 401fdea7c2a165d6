package dev.mme5.engine.image.bmp;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/**
 * Expands the run-length codes RLE8 and RLE4 as Pillow does, which the format's description leaves room for: a run ends at the
 * end of its row, pixels that a code skips have index 0, and codes that end before the last row are damage.
 */
final class BmpRunLengthReader {
    private final ImageBytes file;
    private final boolean fourBits;
    private final int width;
    private byte[] out;
    private int written;

    BmpRunLengthReader(ImageBytes file, boolean fourBits, int width) {
        this.file = file;
        this.fourBits = fourBits;
        this.width = width;
    }

    /** Bytes that {@link #expand} takes for an image of this size. */
    static long bytes(int width, int height) {
        return (long) width * height;
    }

    /**
     * Returns this many palette indices.
     *
     * @param first offset of the codes
     */
    byte[] expand(long first, int count) {
        out = new byte[count];
        written = 0;
        long offset = first;
        int x = 0;
        while (written < count && offset + 2 <= file.length()) {
            int run = file.u8(offset);
            int value = file.u8(offset + 1);
            offset += 2;
            if (run > 0) {
                run(Math.clamp(width - x, 0, run), value);
                x = Math.min(x + run, Math.max(x, width));
            } else if (value == 0) {
                skip((width - written % width) % width);
                x = 0;
            } else if (value == 1) {
                break;
            } else if (value == 2) {
                if (offset + 2 > file.length()) break;
                skip(file.u8(offset) + (long) file.u8(offset + 1) * width);
                x = written % width;
                offset += 2;
            } else {
                int bytes = fourBits ? value / 2 : value;
                copy((int) offset, (int) Math.min(bytes, file.length() - offset));
                x += value;
                offset += bytes + (offset + bytes) % 2; // codes start at even offsets of the file
            }
        }
        if (written < count) throw file.damaged("its run-length codes end after %d of %d pixels".formatted(written, count));
        return out;
    }

    private void run(int length, int value) {
        for (int i = 0; i < length && written < out.length; i++) {
            int shift = i % 2 == 0 ? 4 : 0;
            out[written++] = (byte) (fourBits ? value >> shift & 15 : value);
        }
    }

    private void copy(int offset, int bytes) {
        if (!fourBits) {
            int count = Math.min(bytes, out.length - written);
            System.arraycopy(file.bytes(), offset, out, written, count);
            written += count;
            return;
        }
        for (int i = 0; i < bytes; i++) run(2, file.u8(offset + i));
    }

    private void skip(long count) {
        int end = (int) Math.min(written + count, out.length);
        Arrays.fill(out, written, end, (byte) 0);
        written = end;
    }
}
