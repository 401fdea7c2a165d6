package dev.mme5.engine.image.tiff.compression;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Deflate with a zlib header. */
public final class DeflateReader implements SegmentReader {
    private final ImageBytes file;
    private final Inflater inflater = new Inflater();

    public DeflateReader(ImageBytes file, byte[] data, int offset, int length) {
        this.file = file;
        inflater.setInput(data, offset, length);
    }

    @Override
    public void readRow(byte[] row) {
        try {
            for (int written = 0; written < row.length;) {
                int count = inflater.inflate(row, written, row.length - written);
                if (count == 0) throw file.damaged("its Deflate data end before its pixels");
                written += count;
            }
        } catch (DataFormatException e) {
            String problem = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
            throw file.damaged("its image data cannot be inflated" + problem, e);
        }
    }

    /** Reads to the end of the data, so that their checksum is checked; data beyond the pixels are ignored. */
    public void checkEnd() {
        byte[] rest = new byte[512];
        try {
            for (int i = 0; i < 8 && inflater.inflate(rest) > 0; i++) {}
        } catch (DataFormatException e) {
            throw file.damaged("the checksum of its Deflate data is wrong", e);
        }
    }

    @Override
    public void close() {
        inflater.close();
    }
}
