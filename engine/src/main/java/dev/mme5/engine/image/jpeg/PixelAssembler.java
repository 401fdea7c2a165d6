package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.entropy.Zigzag;
import dev.mme5.engine.image.jpeg.header.JpegColors;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import dev.mme5.engine.image.jpeg.header.JpegFrame;

/**
 * Turns coefficients into pixels, a row of MCUs at a time: inverse DCT, upsampling, conversion of colours. Because upsampling looks at
 * the next row of samples, the last rows of pixels of a row of MCUs wait for the next one.
 */
final class PixelAssembler {
    private final JpegFrame frame;
    private final CoefficientPlane[] coefficients;
    private final SamplePlane[] samples;
    private final Upsampling[] upsampling;
    private final JpegColorConverter converter;
    private final InverseDct[] inverseDct;
    private final byte[] pixels;
    private int rowsDone;

    /**
     * @param coefficients by component, like the others
     * @param quantization factors in natural order
     * @param pixels receives them; {@link JpegColorConverter#pixelBytes} says how many bytes each has
     */
    PixelAssembler(JpegFrame frame, JpegColors colors, CoefficientPlane[] coefficients, int[][] quantization, byte[] pixels) {
        int count = coefficients.length;
        this.frame = frame;
        this.coefficients = coefficients;
        this.inverseDct = new InverseDct[count];
        this.pixels = pixels;
        this.samples = new SamplePlane[count];
        this.upsampling = new Upsampling[count];
        for (int i = 0; i < count; i++) {
            samples[i] = new SamplePlane(frame.components().get(i), frame.mcuRows());
            inverseDct[i] = new InverseDct(quantization[i]);
            upsampling[i] = new Upsampling(frame, samples[i]);
        }
        this.converter = new JpegColorConverter(colors, frame.width(), upsampling);
    }

    /** Bytes of heap of the samples and buffers, without the pixels. */
    static long bytes(JpegFrame frame) {
        long bytes = (long) Integer.BYTES * frame.width(); // of the colour converter
        for (JpegComponent c : frame.components()) {
            bytes += InverseDct.BYTES + SamplePlane.bytes(c, frame.mcuRows()) + Upsampling.bytes(frame, c);
        }
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
        transformRow(mcuRow, smoothing);
        emit(mcuRow);
    }

    private void transformRow(int mcuRow, BlockSmoothing[] smoothing) {
        for (int i = 0; i < samples.length; i++) transformBlocks(i, mcuRow, smoothing == null ? null : smoothing[i]);
    }

    /** Writes the rows of pixels of which all samples are there. */
    private void emit(int mcuRow) {
        boolean last = mcuRow == frame.mcuRows() - 1;
        int end = last ? frame.height() : (mcuRow + 1) * 8 * frame.maxDown() - frame.maxDown();
        for (; rowsDone < end; rowsDone++) {
            for (Upsampling channel : upsampling) channel.makeRow(rowsDone);
            converter.convertRow(rowsDone, pixels);
        }
    }

    private void transformBlocks(int index, int mcuRow, BlockSmoothing smoothing) {
        JpegComponent component = frame.components().get(index);
        SamplePlane target = samples[index];
        CoefficientPlane source = coefficients[index];
        int end = Math.min((mcuRow + 1) * component.down(), component.blocksHigh());
        InverseDct dct = inverseDct[index];
        for (int y = mcuRow * component.down(); y < end; y++) {
            int firstRow = 8 * y % target.rows().length;
            for (int from = 0; from < component.blocksWide(); from += InverseDct.BLOCKS) {
                int count = Math.min(InverseDct.BLOCKS, component.blocksWide() - from);
                dct.clear();
                for (int i = 0; i < count; i++) {
                    if (smoothing != null) {
                        dct.setBlock(i, smoothing.smooth(from + i, y), 0, Zigzag.BLOCK - 1);
                    } else {
                        int block = source.block(from + i, y);
                        dct.setBlock(i, source.coefficients(), CoefficientPlane.offset(block), source.last(block));
                    }
                }
                dct.transform(count, target.rows(), firstRow, 8 * from);
            }
        }
    }
}
