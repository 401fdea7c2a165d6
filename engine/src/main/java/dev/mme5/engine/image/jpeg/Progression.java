package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.ScanBand;
import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.jpeg.header.JpegFrame;
import dev.mme5.engine.image.jpeg.header.JpegScan;
import dev.mme5.engine.image.raster.ImageBytes;
import java.util.Arrays;

/** Which bits of which coefficients the scans have brought so far. */
final class Progression {
    /** No scan has had the coefficient. */
    static final int UNSEEN = -1;

    private static final ScanBand ALL = new ScanBand(0, Zigzag.BLOCK - 1, 0, 0);

    private final ImageBytes file;
    private final JpegFrame frame;
    /** Lowest known bit, by component and zigzag index. */
    private final int[][] lowBits;

    Progression(ImageBytes file, JpegFrame frame) {
        this.file = file;
        this.frame = frame;
        this.lowBits = new int[frame.components().size()][Zigzag.BLOCK];
        for (int[] bits : lowBits) Arrays.fill(bits, UNSEEN);
    }

    /** Checks that a scan continues those before it. */
    void add(JpegScan scan) {
        ScanBand band = frame.progressive() ? scan.band() : ALL;
        if (frame.progressive() && !band.isValid(scan.components().length)) {
            throw file.damaged("a scan of coefficients %d to %d, bits %d to %d, of %d channels".formatted(band.first(), band.last(),
                    band.highBit(), band.lowBit(), scan.components().length));
        }
        for (int component : scan.components()) {
            int[] known = lowBits[component];
            for (int k = band.first(); k <= band.last(); k++) {
                if (band.highBit() != Math.max(known[k], 0)) {
                    throw file.damaged("the scan before byte %d does not continue those before it: coefficient %d".formatted(
                            scan.dataOffset(), k));
                }
                known[k] = band.lowBit();
            }
        }
    }

    /** Whether every bit of every coefficient is known. */
    boolean isComplete() {
        for (int[] known : lowBits) for (int low : known) if (low != 0) return false;
        return true;
    }

    /**
     * Refuses an image without any scan of a channel. Missing details are no damage: a progressive image may end before them.
     */
    void requireAllChannels() {
        for (int i = 0; i < lowBits.length; i++) {
            if (lowBits[i][0] == UNSEEN) {
                throw file.damaged("it ends before a scan of channel %d".formatted(frame.components().get(i).id()));
            }
        }
    }

    /** Lowest known bit of each coefficient of a component, or {@link #UNSEEN}. */
    int[] lowBits(int component) {
        return lowBits[component];
    }
}
