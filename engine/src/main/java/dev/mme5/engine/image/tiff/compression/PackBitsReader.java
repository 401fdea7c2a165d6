package dev.mme5.engine.image.tiff.compression;

import dev.mme5.engine.image.raster.ImageBytes;

/** PackBits (TIFF 6.0, section 9): literal bytes and repeated bytes, each behind a signed count. */
public final class PackBitsReader implements SegmentReader {
    private final ImageBytes file;
    private final byte[] data;
    private int position;
    private final int end;
    private int literals;
    private int repeats;
    private byte repeated;

    public PackBitsReader(ImageBytes file, byte[] data, int offset, int length) {
        this.file = file;
        this.data = data;
        this.position = offset;
        this.end = offset + length;
    }

    @Override
    public void readRow(byte[] row) {
        int written = 0;
        while (written < row.length) {
            if (repeats > 0) {
                row[written++] = repeated;
                repeats--;
            } else if (literals > 0) {
                int count = Math.min(literals, row.length - written);
                if (count > end - position) throw file.damaged("its PackBits data end before its pixels");
                System.arraycopy(data, position, row, written, count);
                position += count;
                written += count;
                literals -= count;
            } else {
                readCount();
            }
        }
    }

    private void readCount() {
        if (position >= end) throw file.damaged("its PackBits data end before its pixels");
        int count = data[position++];
        if (count >= 0) {
            literals = count + 1;
        } else if (count != -128) {
            if (position >= end) throw file.damaged("its PackBits data end before its pixels");
            repeats = 1 - count;
            repeated = data[position++];
        }
    }
}
