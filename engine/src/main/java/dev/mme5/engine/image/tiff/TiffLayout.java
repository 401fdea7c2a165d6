package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.tiff.compression.TiffCompression;
import java.util.Arrays;

/**
 * How the pixels of a TIFF are stored: what a pixel is, and the strips or tiles ("segments") that hold them.
 *
 * @param width pixels in a row of the image
 * @param height rows of the image
 * @param mode what the samples are
 * @param photometric the tag of that name
 * @param samples stored for a pixel
 * @param bits of a sample
 * @param separate whether each sample is in segments of its own
 * @param reversedBits whether the lowest bit of a byte comes first
 * @param predictor 1 none, 2 differences, 3 differences of floating-point bytes
 * @param tiled whether the segments are tiles
 * @param segmentWidth pixels in a row of a segment
 * @param segmentHeight rows of a whole segment
 */
record TiffLayout(int width, int height, TiffMode mode, int photometric, int samples, int bits, boolean separate, boolean reversedBits,
        TiffCompression compression, int predictor, boolean tiled, int segmentWidth, int segmentHeight) {
    private static final int MAX_SAMPLES = 6;
    /** Segments may have this many times as many pixels as the image, and {@link #SPARE_PIXELS} more. */
    private static final int MAX_OVERHANG = 4;
    private static final long SPARE_PIXELS = 1L << 24;
    private static final int JPEG_BLOCK_SIDE = 16;

    static TiffLayout read(ImageBytes file, TiffDirectory tags) {
        TiffCompression compression = TiffCompression.of(file, tags.value(TiffTags.COMPRESSION, 1, 0, 65_535));
        if (!tags.has(TiffTags.WIDTH) || !tags.has(TiffTags.HEIGHT)) throw file.damaged("it has no size");
        long width = tags.value(TiffTags.WIDTH, 0);
        long height = tags.value(TiffTags.HEIGHT, 0);
        file.requireSize(width, height);
        int photometric = (int) tags.value(TiffTags.PHOTOMETRIC, 0, 0, 65_535);
        int fillOrder = (int) tags.value(TiffTags.FILL_ORDER, 1, 0, 65_535);
        boolean separate = tags.value(TiffTags.PLANAR_CONFIGURATION, 1, 0, 65_535) == 2;

        int[] bits = tags.values(TiffTags.BITS_PER_SAMPLE, 64, 1);
        int[] extra = tags.values(TiffTags.EXTRA_SAMPLES, 64);
        int samples = (int) tags.value(TiffTags.SAMPLES_PER_PIXEL, 1, 1, 64);
        if (separate && extra.length > 0 && Arrays.stream(extra).allMatch(e -> e == 0)) {
            bits = Arrays.copyOf(bits, Math.max(0, bits.length - extra.length));
            samples -= extra.length; // planes without meaning are left out
            extra = new int[0];
        }
        if (samples < 1 || samples > MAX_SAMPLES)
            throw file.unsupported("TIFF with %d samples a pixel is not supported".formatted(samples));
        if (samples < bits.length) bits = Arrays.copyOf(bits, samples);
        if (bits.length == 1 && samples > 1) {
            int all = bits[0];
            bits = new int[samples];
            Arrays.fill(bits, all);
        }
        if (bits.length != samples) throw file.damaged("%d samples a pixel with the bits of %d".formatted(samples, bits.length));

        TiffMode mode = TiffMode.of(file,
                new TiffMode.Key(tags.littleEndian(), photometric, format(tags), fillOrder, bits, extra));
        int predictor = compression.hasPredictor() ? (int) tags.value(TiffTags.PREDICTOR, 1, 0, 65_535) : 1;
        boolean tiled = !tags.has(TiffTags.STRIP_OFFSETS) && tags.has(TiffTags.TILE_OFFSETS);
        long segmentWidth = tiled ? tags.value(TiffTags.TILE_WIDTH, 0) : width;
        long segmentHeight = tiled ? tags.value(TiffTags.TILE_HEIGHT, 0) : tags.value(TiffTags.ROWS_PER_STRIP, height, 0, Long.MAX_VALUE);
        if (!tiled) segmentHeight = Math.min(segmentHeight, height);
        if (segmentWidth < 1 || segmentHeight < 1) {
            throw file.damaged("tiles or strips of %d x %d pixels".formatted(segmentWidth, segmentHeight));
        }
        file.requireSize(segmentWidth, segmentHeight);
        requireLittleOverhang(file, width, height, segmentWidth, segmentHeight, compression == TiffCompression.JPEG);
        return new TiffLayout((int) width, (int) height, mode, photometric, samples, bits[0], separate && samples > 1, fillOrder == 2,
                compression, predictor == 0 ? 1 : predictor, tiled, (int) segmentWidth, (int) segmentHeight);
    }

    /** Pixels of tiles that lie outside the image are decoded, too, so a small file of large tiles could take hours. */
    private static void requireLittleOverhang(ImageBytes file, long width, long height, long segmentWidth, long segmentHeight,
            boolean jpeg) {
        int side = jpeg ? JPEG_BLOCK_SIDE : 1;
        long across = Math.ceilDiv(width, segmentWidth) * (Math.ceilDiv(segmentWidth, side) * side);
        long down = Math.ceilDiv(height, segmentHeight) * (Math.ceilDiv(segmentHeight, side) * side);
        if (across * down > MAX_OVERHANG * width * height + SPARE_PIXELS) {
            throw file.unsupported("TIFF of %d x %d pixels in strips or tiles of %d x %d pixels is not supported".formatted(width, height,
                    segmentWidth, segmentHeight));
        }
    }

    /** The number format of all samples, 0 if they differ. */
    private static int format(TiffDirectory tags) {
        int[] formats = tags.values(TiffTags.SAMPLE_FORMAT, 64, 1);
        for (int format : formats) if (format != formats[0]) return 0;
        return formats[0];
    }

    int segmentsAcross() {
        return Math.ceilDiv(width, segmentWidth);
    }

    int segmentsDown() {
        return Math.ceilDiv(height, segmentHeight);
    }

    /** Planes of samples: 1 unless each sample is in segments of its own. */
    int planes() {
        return separate ? samples : 1;
    }

    /** Bytes of a row of a segment of one plane. */
    int rowBytes() {
        return Math.toIntExact(((long) segmentWidth * bits * (samples / planes()) + 7) / 8);
    }
}
