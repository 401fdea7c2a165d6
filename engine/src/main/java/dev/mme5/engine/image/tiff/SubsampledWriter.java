package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.tiff.compression.SegmentReader;
import java.util.Set;

/**
 * YCbCr whose colours have fewer samples than the luma: a row of data holds blocks of pixels, all luma samples of a block and then
 * one Cb and one Cr, which count for the whole block.
 */
final class SubsampledWriter implements SegmentWriter {
    private final TiffLayout layout;
    private final YcbcrConverter converter;
    private final int across;
    private final int down;

    /** @param sampling pixels of a block, horizontally and vertically */
    SubsampledWriter(ImageBytes file, TiffLayout layout, YcbcrConverter converter, int[] sampling) {
        this.layout = layout;
        this.converter = converter;
        Set<Integer> allowed = Set.of(1, 2, 4);
        if (sampling.length != 2 || !allowed.contains(sampling[0]) || !allowed.contains(sampling[1])) {
            throw file.damaged("its YCbCr subsampling is not 1, 2 or 4");
        }
        this.across = sampling[0];
        this.down = sampling[1];
        if (!isFull() && layout.predictor() != 1) throw file.unsupported("TIFF with subsampled colours and a predictor is not supported");
    }

    /** Whether every pixel has colours of its own. */
    boolean isFull() {
        return across == 1 && down == 1;
    }

    @Override
    public void write(SegmentReader[] planes, int width, int height, byte[] rgb, int offset) {
        int blockBytes = across * down + 2;
        byte[] row = new byte[Math.ceilDiv(layout.segmentWidth(), across) * blockBytes];
        for (int y = 0; y < height; y += down) {
            planes[0].readRow(row);
            for (int dy = 0; dy < Math.min(down, height - y); dy++) {
                for (int x = 0; x < width; x++) {
                    int block = x / across * blockBytes;
                    int luma = row[block + dy * across + x % across] & 0xff;
                    int cb = row[block + across * down] & 0xff;
                    int cr = row[block + across * down + 1] & 0xff;
                    converter.put(luma, cb, cr, rgb, offset + 3 * ((y + dy) * layout.width() + x));
                }
            }
        }
    }
}
