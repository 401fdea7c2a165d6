package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;

/** Undoes the prediction that LZW and Deflate data may have (TIFF 6.0, section 14, and Adobe's technical note 3). */
final class Predictor {
    private static final int NONE = 1;
    private static final int HORIZONTAL = 2;
    private static final int FLOATING_POINT = 3;

    private final int kind;
    private final int sampleBytes;
    private final int stride;
    private final boolean littleEndian;

    /** @param stride samples from one pixel to the next */
    Predictor(ImageBytes file, TiffLayout layout, int stride, boolean littleEndian) {
        this.kind = layout.predictor();
        this.sampleBytes = layout.bits() / 8;
        this.stride = stride;
        this.littleEndian = littleEndian;
        boolean wholeBytes = layout.bits() == 8 || layout.bits() == 16 || layout.bits() == 32;
        boolean allowed = switch (kind) {
            case NONE -> true;
            case HORIZONTAL -> wholeBytes;
            case FLOATING_POINT -> layout.mode() == TiffMode.GRAY_FLOAT;
            default -> false;
        };
        if (!allowed) throw file.unsupported("TIFF with predictor %d and %d bits is not supported".formatted(kind, layout.bits()));
    }

    /** Turns the differences of a row into its samples, in place. */
    void undo(byte[] row) {
        switch (kind) {
            case HORIZONTAL -> {
                switch (sampleBytes) {
                    case 1 -> addBytes(row);
                    case 2 -> addShorts(row);
                    default -> addInts(row);
                }
            }
            case FLOATING_POINT -> {
                addBytes(row);
                unshuffle(row);
            }
            default -> {}
        }
    }

    private void addBytes(byte[] row) {
        for (int i = stride; i < row.length; i++) row[i] += row[i - stride];
    }

    private void addShorts(byte[] row) {
        int high = littleEndian ? 1 : 0;
        int low = 1 - high;
        for (int i = 2 * stride; i + 1 < row.length; i += 2) {
            int before = i - 2 * stride;
            int sum = ((row[i + high] & 0xff) << 8 | row[i + low] & 0xff) + ((row[before + high] & 0xff) << 8 | row[before + low] & 0xff);
            row[i + high] = (byte) (sum >> 8);
            row[i + low] = (byte) sum;
        }
    }

    private void addInts(byte[] row) {
        for (int i = 4 * stride; i + 3 < row.length; i += 4) {
            int carry = 0;
            for (int b = 0; b < 4; b++) {
                int k = littleEndian ? b : 3 - b;
                int sum = (row[i + k] & 0xff) + (row[i - 4 * stride + k] & 0xff) + carry;
                row[i + k] = (byte) sum;
                carry = sum >> 8;
            }
        }
    }

    /** A row holds the highest bytes of all samples first, then the next ones; afterwards each sample in the file's byte order. */
    private void unshuffle(byte[] row) {
        byte[] planes = row.clone();
        int samples = row.length / sampleBytes;
        for (int i = 0; i < samples; i++) {
            for (int b = 0; b < sampleBytes; b++) {
                int plane = littleEndian ? sampleBytes - 1 - b : b;
                row[i * sampleBytes + b] = planes[plane * samples + i];
            }
        }
    }
}
