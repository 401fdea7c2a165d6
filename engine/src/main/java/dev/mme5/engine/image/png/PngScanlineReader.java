package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ImageBytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the image data of a PNG row by row, undoes the filters, and writes each row's pixels to their place in the image. Besides the
 * image only two rows are held. The compressed data must be complete, with the right checksum (Adler-32).
 */
final class PngScanlineReader {
    /** A pass of Adam7: every dx-th pixel from x on of every dy-th row from y on. */
    private record Pass(int x, int y, int dx, int dy) {}

    /** Of a zlib header: the default window of 32 kB, and a check that makes it a multiple of 31. */
    private static final byte[] ZLIB_HEADER = {0x78, 0x01};

    private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));
    private static final List<Pass> ADAM7 = List.of(
            new Pass(0, 0, 8, 8),
            new Pass(4, 0, 8, 8),
            new Pass(0, 4, 4, 8),
            new Pass(2, 0, 4, 4),
            new Pass(0, 2, 2, 4),
            new Pass(1, 0, 2, 2),
            new Pass(0, 1, 1, 2));

    private final ImageBytes file;
    private final PngHeader header;
    private final Deque<PngDecoder.Span> imageData;
    private final PngColorConverter converter;

    PngScanlineReader(ImageBytes file, PngHeader header, List<PngDecoder.Span> imageData, PngColorConverter converter) {
        this.file = file;
        this.header = header;
        this.imageData = new ArrayDeque<>(imageData);
        this.converter = converter;
    }

    /** Bytes that reading takes beside the image: a row, and the one above it. */
    static long bytes(PngHeader header) {
        return 2L * header.rowBytes(header.width());
    }

    /** @param rgb the image, [height, width, 3] */
    void readInto(byte[] rgb) {
        try (Inflater inflater = new Inflater()) {
            widenWindow(inflater);
            for (Pass pass : header.interlaced() ? ADAM7 : WHOLE) readPass(inflater, pass, rgb);
            requireEnd(inflater, rgb.length);
        } catch (DataFormatException e) {
            String problem = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
            throw file.damaged("its image data cannot be inflated" + problem, e);
        }
    }

    /**
     * Replaces a zlib header that names a smaller window by one that names the largest. Some optimisers write too small a window, which
     * only some builds of zlib refuse.
     */
    private void widenWindow(Inflater inflater) {
        PngDecoder.Span first = imageData.peek();
        if (first == null || first.length() < 2) return;
        int header = file.u16BigEndian(first.offset());
        boolean isPlain = (header & 0x8f20) == 0x0800 && header % 31 == 0; // deflate, up to 32 kB, no dictionary
        if (!isPlain) return;
        imageData.remove();
        imageData.push(new PngDecoder.Span(first.offset() + 2, first.length() - 2));
        inflater.setInput(ZLIB_HEADER);
    }

    /** Inflates what follows the last row, up to the checksum. Others ignore it; a limit keeps a small file from taking hours. */
    private void requireEnd(Inflater inflater, int imageBytes) throws DataFormatException {
        byte[] rest = new byte[4096];
        long max = imageBytes + 65536L;
        for (long bytes = 0; bytes < max;) {
            int count = inflate(inflater, rest, 0);
            if (count == 0) return;
            bytes += count;
        }
        throw file.damaged("it has more image data than pixels");
    }

    private void readPass(Inflater inflater, Pass pass, byte[] rgb) throws DataFormatException {
        int pixels = Math.ceilDiv(header.width() - pass.x(), pass.dx());
        if (pixels <= 0) return; // a pass without pixels has no rows, hence no filter bytes

        int pixelBytes = Math.max(1, header.bitsPerPixel() / 8);
        int rowBytes = header.rowBytes(pixels);
        byte[] above = new byte[rowBytes];
        byte[] row = new byte[rowBytes];
        byte[] filter = new byte[1];
        for (int y = pass.y(); y < header.height(); y += pass.dy()) {
            readFully(inflater, filter);
            readFully(inflater, row);
            unfilter(filter[0], row, above, pixelBytes);
            converter.put(row, pixels, rgb, 3 * (y * header.width() + pass.x()), 3 * pass.dx());
            byte[] swapped = above;
            above = row;
            row = swapped;
        }
    }

    private void readFully(Inflater inflater, byte[] out) throws DataFormatException {
        for (int offset = 0; offset < out.length;) {
            int count = inflate(inflater, out, offset);
            if (count == 0) throw file.damaged("it has less image data than pixels");
            offset += count;
        }
    }

    /** Inflates at least one byte, reading on in the next IDAT chunks; 0 only at the checked end of the compressed data. */
    private int inflate(Inflater inflater, byte[] out, int offset) throws DataFormatException {
        while (!inflater.finished()) {
            int count = inflater.inflate(out, offset, out.length - offset);
            if (count > 0) return count;
            if (inflater.finished()) break;
            if (inflater.needsDictionary()) throw file.damaged("its image data need a dictionary");
            if (imageData.isEmpty()) throw file.damaged("its compressed image data are not whole");
            PngDecoder.Span next = imageData.remove();
            inflater.setInput(file.bytes(), next.offset(), next.length());
        }
        return 0;
    }

    /** Adds to each byte what the encoder predicted for it from a: one pixel before, b: above, c: above that. */
    private void unfilter(byte filter, byte[] row, byte[] above, int pixelBytes) {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = pixelBytes; i < row.length; i++) row[i] += row[i - pixelBytes];
            }
            case 2 -> {
                for (int i = 0; i < row.length; i++) row[i] += above[i];
            }
            case 3 -> {
                for (int i = 0; i < row.length; i++) {
                    int a = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
                    row[i] += (byte) ((a + (above[i] & 0xff)) / 2);
                }
            }
            case 4 -> {
                for (int i = 0; i < row.length; i++) {
                    int a = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xff;
                    int c = i < pixelBytes ? 0 : above[i - pixelBytes] & 0xff;
                    row[i] += (byte) paeth(a, above[i] & 0xff, c);
                }
            }
            default -> throw file.damaged("unknown row filter " + (filter & 0xff));
        }
    }

    /** Whichever of a, b, c is nearest to a + b - c. */
    private static int paeth(int a, int b, int c) {
        int toA = Math.abs(b - c);
        int toB = Math.abs(a - c);
        int toC = Math.abs(a + b - 2 * c);
        if (toA <= toB && toA <= toC) return a;
        return toB <= toC ? b : c;
    }
}
