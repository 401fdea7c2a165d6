package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegComponent;

/**
 * Samples of one component, 0 to 255: two rows of MCUs, as upsampling looks at the rows above and below.
 *
 * <p>Each row is an array of ints, because the JIT compiler vectorises loops over ints with the same index in all arrays.
 */
final class SamplePlane {
    private static final int MCU_ROWS = 2;

    private final JpegComponent component;
    private final int[][] rows;

    /** @param mcuRows of the image */
    SamplePlane(JpegComponent component, int mcuRows) {
        this.component = component;
        this.rows = new int[8 * component.down() * Math.min(mcuRows, MCU_ROWS)][8 * component.paddedWide()];
    }

    /** Bytes of heap of the plane of a component. */
    static long bytes(JpegComponent component, int mcuRows) {
        return 64L * Integer.BYTES * component.paddedWide() * component.down() * Math.min(mcuRows, MCU_ROWS);
    }

    JpegComponent component() {
        return component;
    }

    /** A row; there is none above the first or below the last one, so these are repeated. */
    int[] row(int y) {
        return rows[Math.clamp(y, 0, component.samplesHigh() - 1) % rows.length];
    }

    /** All rows that are held; row y of the component is at y modulo their number. */
    int[][] rows() {
        return rows;
    }
}
