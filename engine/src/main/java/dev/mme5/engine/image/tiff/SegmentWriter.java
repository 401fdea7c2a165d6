package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.tiff.compression.DeflateReader;
import dev.mme5.engine.image.tiff.compression.SegmentReader;
import dev.mme5.engine.image.tiff.compression.TiffCompression;

/** Writes the pixels of one strip or tile into the image. */
@FunctionalInterface
interface SegmentWriter {
    /**
     * Writes one segment.
     *
     * @param planes readers of its rows, one for each plane
     * @param width pixels of a row that lie in the image
     * @param height rows that lie in the image
     * @param rgb the image
     * @param offset index in rgb of the segment's first pixel
     */
    void write(SegmentReader[] planes, int width, int height, byte[] rgb, int offset);

    static SegmentWriter of(ImageBytes file, TiffDirectory tags, TiffLayout layout) {
        TiffPixels pixels = TiffPixels.of(file, tags, layout);
        if (layout.mode() == TiffMode.YCBCR && layout.compression() != TiffCompression.JPEG && !layout.separate()) {
            int[] sampling = tags.values(TiffTags.YCBCR_SUBSAMPLING, 2, 2, 2);
            SubsampledWriter writer = new SubsampledWriter(file, layout, (YcbcrConverter) pixels, sampling);
            if (!writer.isFull()) return writer;
        }
        Predictor predictor = new Predictor(file, layout, layout.samples() / layout.planes(), tags.littleEndian());
        return (planes, width, height, rgb, offset) -> {
            byte[][] rows = new byte[planes.length][layout.rowBytes()];
            byte[] interleaved = planes.length == 1 ? rows[0] : new byte[layout.rowBytes() * planes.length];
            for (int y = 0; y < height; y++) {
                for (int plane = 0; plane < planes.length; plane++) {
                    planes[plane].readRow(rows[plane]);
                    predictor.undo(rows[plane]);
                }
                if (planes.length > 1) interleave(rows, layout.bits() / 8, interleaved);
                pixels.put(interleaved, width, rgb, offset + 3 * y * layout.width());
            }
            for (SegmentReader plane : planes) if (plane instanceof DeflateReader deflate) deflate.checkEnd();
        };
    }

    private static void interleave(byte[][] rows, int sampleBytes, byte[] out) {
        int target = 0;
        for (int sample = 0; sample + sampleBytes <= rows[0].length; sample += sampleBytes) {
            for (byte[] row : rows) {
                for (int b = 0; b < sampleBytes; b++) out[target++] = row[sample + b];
            }
        }
    }
}
