package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegComponent;

/** Samples of one component: two rows of MCUs, as upsampling looks at the rows above and below. */
final class SamplePlane {
    private static final int MCU_ROWS = 2;

    private final JpegComponent component;
    private final int stride;
    private final int rows;
    private final byte[] samples;

    /** @param mcuRows of the image */
    SamplePlane(JpegComponent component, int mcuRows) {
        this.component = component;
        this.stride = 8 * component.paddedWide();
        this.rows = 8 * component.down() * Math.min(mcuRows, MCU_ROWS);
        this.samples = new byte[stride * rows];
    }

    /** Bytes of heap of the plane of a component. */
    static long bytes(JpegComponent component, int mcuRows) {
        return 64L * component.paddedWide() * component.down() * Math.min(mcuRows, MCU_ROWS);
    }

    JpegComponent component() {
        return component;
    }

    byte[] samples() {
        return samples;
    }

    int stride() {
        return stride;
    }

    /** Offset of a row; there is no row above the first or below the last one, so these are repeated. */
    int rowOffset(int row) {
        return Math.clamp(row, 0, component.samplesHigh() - 1) % rows * stride;
    }

    /** Offset of a block's first sample. */
    int blockOffset(int x, int y) {
        return 8 * y % rows * stride + 8 * x;
    }
}
