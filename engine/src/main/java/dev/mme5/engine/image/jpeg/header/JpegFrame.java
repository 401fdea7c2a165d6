package dev.mme5.engine.image.jpeg.header;

import java.util.ArrayList;
import java.util.List;

/**
 * A frame header: the size of the image and its components.
 *
 * @param progressive whether scans may hold parts of the coefficients
 * @param arithmetic whether scans are arithmetic-coded
 * @param width pixels in a row
 * @param height rows
 * @param maxAcross largest horizontal sampling factor
 * @param maxDown largest vertical sampling factor
 * @param components the channels: one, three or four
 */
public record JpegFrame(
        boolean progressive, boolean arithmetic, int width, int height, int maxAcross, int maxDown, List<JpegComponent> components) {
    /**
     * Computes the sizes of the components.
     *
     * @param specifications of each component: id, sampling factors across and down, quantisation table
     */
    static JpegFrame of(boolean progressive, boolean arithmetic, int width, int height, List<int[]> specifications) {
        int maxAcross = specifications.stream().mapToInt(s -> s[1]).max().orElseThrow();
        int maxDown = specifications.stream().mapToInt(s -> s[2]).max().orElseThrow();
        List<JpegComponent> components = new ArrayList<>();
        for (int[] s : specifications) {
            components.add(new JpegComponent(s[0], s[1], s[2], s[3], Math.ceilDiv(width * s[1], maxAcross * 8),
                    Math.ceilDiv(height * s[2], maxDown * 8), Math.ceilDiv(width, maxAcross * 8) * s[1],
                    Math.ceilDiv(height, maxDown * 8) * s[2], Math.ceilDiv(width * s[1], maxAcross),
                    Math.ceilDiv(height * s[2], maxDown)));
        }
        return new JpegFrame(progressive, arithmetic, width, height, maxAcross, maxDown, List.copyOf(components));
    }

    /** MCUs in a row of a scan with several components. */
    public int mcusWide() {
        return Math.ceilDiv(width, 8 * maxAcross);
    }

    /** Rows of MCUs; a scan with one component counts them too, {@code down} rows of blocks in each. */
    public int mcuRows() {
        return Math.ceilDiv(height, 8 * maxDown);
    }

    /** Whether a scan has all coefficients, so that rows can be decoded one after the other. */
    public boolean isCompleteIn(JpegScan scan) {
        return !progressive && scan.components().length == components.size();
    }

    /** Blocks that hold samples. */
    public long blocks() {
        long blocks = 0;
        for (JpegComponent c : components) blocks += (long) c.blocksWide() * c.blocksHigh();
        return blocks;
    }
}
