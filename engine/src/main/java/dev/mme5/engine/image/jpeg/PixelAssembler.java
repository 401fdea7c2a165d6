package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.jpeg.header.JpegColors;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import dev.mme5.engine.image.jpeg.header.JpegFrame;

/**
 * Turns coefficients into pixels, a row of MCUs at a time: inverse DCT, upsampling, conversion to RGB. Because upsampling looks at
 * the next row of samples, the last rows of pixels of a row of MCUs wait for the next one.
 */
final class PixelAssembler {
    private final JpegFrame frame;
    private final CoefficientPlane[] coefficients;
    private final int[][] quantization;
    private final SamplePlane[] samples;
    private final Upsampling[] upsampling;
    private final JpegColorConverter converter;
    private final InverseDct inverseDct = new InverseDct();
    private final byte[] rgb;
    private int rowsDone;

    /**
     * @param coefficients by component, like the others
     * @param quantization factors in natural order
     * @param rgb for the pixels
     */
    PixelAssembler(JpegFrame frame, JpegColors colors, CoefficientPlane[] coefficients, int[][] quantization, byte[] rgb) {
        int count = coefficients.length;
        this.frame = frame;
        this.coefficients = coefficients;
        this.quantization = quantization;
        this.rgb = rgb;
        this.samples = new SamplePlane[count];
        this.upsampling = new Upsampling[count];
        for (int i = 0; i < count; i++) {
            samples[i] = new SamplePlane(frame.components().get(i), frame.mcuRows());
            upsampling[i] = new Upsampling(frame, samples[i]);
        }
        this.converter = new JpegColorConverter(colors, frame.width(), upsampling);
    }

    /** Bytes of heap of the samples and buffers, without the pixels. */
    static long bytes(JpegFrame frame) {
        long bytes = 0;
        for (JpegComponent c : frame.components()) bytes += SamplePlane.bytes(c, frame.mcuRows()) + Upsampling.bytes(frame, c);
        return bytes;
    }

    /** Adds the next row of MCUs. */
    void addRow(int mcuRow) {
        addRow(mcuRow, null);
    }

    /**
     * The same with estimates for coefficients that the file does not have.
     *
     * @param smoothing by component, or null
     */
    void addRow(int mcuRow, BlockSmoothing[] smoothing) {
        for (int i = 0; i < samples.length; i++) transformBlocks(i, mcuRow, smoothing == null ? null : smoothing[i]);
        boolean last = mcuRow == frame.mcuRows() - 1;
        int end = last ? frame.height() : (mcuRow + 1) * 8 * frame.maxDown() - frame.maxDown();
        for (; rowsDone < end; rowsDone++) {
            for (Upsampling channel : upsampling) channel.makeRow(rowsDone);
            converter.convertRow(rgb, 3 * frame.width() * rowsDone);
        }
    }

    private void transformBlocks(int index, int mcuRow, BlockSmoothing smoothing) {
        JpegComponent component = frame.components().get(index);
        SamplePlane target = samples[index];
        CoefficientPlane source = coefficients[index];
        int end = Math.min((mcuRow + 1) * component.down(), component.blocksHigh());
        for (int y = mcuRow * component.down(); y < end; y++) {
            for (int x = 0; x < component.blocksWide(); x++) {
                int block = source.block(x, y);
                short[] values = source.coefficients();
                int offset = CoefficientPlane.offset(block);
                int last = source.last(block);
                if (smoothing != null) {
                    values = smoothing.smooth(x, y);
                    offset = 0;
                    last = Zigzag.BLOCK - 1;
                }
                inverseDct.transform(values, offset, last, quantization[index], target.samples(), target.blockOffset(x, y), target.stride());
            }
        }
    }
}
