package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.jpeg.header.JpegColors;
import dev.mme5.engine.image.jpeg.header.JpegComponent;
import dev.mme5.engine.image.jpeg.header.JpegFrame;
import dev.mme5.engine.image.jpeg.header.JpegMarkerReader;
import dev.mme5.engine.image.jpeg.header.JpegScan;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;

/**
 * JPEG, baseline, extended sequential and progressive, Huffman and arithmetic-coded, of 8 bits: the pixels of Pillow 12 with
 * libjpeg-turbo, bit for bit.
 *
 * <p>An image is read if all its coded data are there and can be decoded, whatever else is wrong with the file; it is refused if
 * any are missing or damaged.
 */
public final class JpegDecoder {
    private final ImageBytes file;
    private final JpegMarkerReader markers;
    private final boolean applyOrientation;

    /** @param applyOrientation whether the image is made upright as its Exif block or XMP packet says */
    public JpegDecoder(ImageBytes file, boolean applyOrientation) {
        this.file = file;
        this.markers = new JpegMarkerReader(file, applyOrientation);
        this.applyOrientation = applyOrientation;
    }

    public RgbImage decode() {
        JpegScan scan = markers.readHeader();
        Orientation orientation = applyOrientation ? markers.orientation() : Orientation.UPRIGHT;
        byte[] rgb = decode(scan, markers.colors(), !orientation.equals(Orientation.UPRIGHT));
        return orientation.apply(new RgbImage(markers.frame().width(), markers.frame().height(), rgb));
    }

    /**
     * Decodes to the samples of all channels as they are, interleaved: a JPEG in a TIFF, whose tags say what the channels are.
     *
     * @return samples [height, width, channels]
     */
    public byte[] decodeSamples() {
        return decode(markers.readHeader(), JpegColors.UNKNOWN, false);
    }

    private byte[] decode(JpegScan scan, JpegColors colors, boolean rotated) {
        JpegFrame frame = markers.frame();
        int pixelBytes = JpegColorConverter.pixelBytes(colors, frame.components().size());
        long imageBytes = (long) pixelBytes * frame.width() * frame.height();
        boolean inOneScan = frame.isCompleteIn(scan);
        requireEnoughBytes(frame);
        if (imageBytes > Integer.MAX_VALUE - 8) throw file.tooLarge("%d bytes of samples".formatted(imageBytes));
        byte[] pixels = file.newPixels(imageBytes, (rotated ? imageBytes : 0) + workingBytes(frame, inOneScan));
        if (inOneScan) {
            decodeScan(frame, scan, colors, pixels);
        } else {
            decodeScans(frame, scan, colors, pixels);
        }
        return pixels;
    }

    /** Bytes of heap that the stages between file and pixels hold. */
    private static long workingBytes(JpegFrame frame, boolean inOneScan) {
        long bytes = PixelAssembler.bytes(frame);
        for (JpegComponent c : frame.components()) {
            bytes += CoefficientPlane.bytes((long) c.paddedWide() * (inOneScan ? c.down() : c.paddedHigh()));
        }
        return bytes;
    }

    /** Every block takes a bit or more of Huffman codes. A small file cannot ask for gigabytes of pixels. */
    private void requireEnoughBytes(JpegFrame frame) {
        if (!frame.arithmetic() && frame.blocks() > 8L * file.length()) {
            throw file.damaged("its %d bytes cannot hold %d x %d pixels".formatted(file.length(), frame.width(), frame.height()));
        }
    }

    /** One scan has everything: row by row. */
    private void decodeScan(JpegFrame frame, JpegScan scan, JpegColors colors, byte[] pixels) {
        CoefficientPlane[] planes = planes(frame, true);
        int[][] quantization = new int[planes.length][];
        latchQuantization(frame, scan, quantization);
        ScanDecoder decoder = new ScanDecoder(file, frame, scan, markers.tables(), planes);
        PixelAssembler assembler = new PixelAssembler(frame, colors, planes, quantization, pixels);
        for (int row = 0; row < frame.mcuRows(); row++) {
            if (row > 0) for (CoefficientPlane plane : planes) plane.clear();
            decoder.decodeRow(row);
            assembler.addRow(row);
        }
        if (nextScan(decoder, true) != null) throw file.damaged("a scan after the last one, before byte %d".formatted(decoder.position()));
    }

    /** Several scans: all coefficients first. */
    private void decodeScans(JpegFrame frame, JpegScan first, JpegColors colors, byte[] pixels) {
        CoefficientPlane[] planes = planes(frame, false);
        int[][] quantization = new int[planes.length][];
        Progression progression = new Progression(file, frame);
        JpegScan scan = first;
        while (scan != null) {
            progression.add(scan);
            latchQuantization(frame, scan, quantization);
            ScanDecoder decoder = new ScanDecoder(file, frame, scan, markers.tables(), planes);
            for (int row = 0; row < frame.mcuRows(); row++) decoder.decodeRow(row);
            scan = nextScan(decoder, progression.isComplete());
        }
        progression.requireAllChannels();
        BlockSmoothing[] smoothing = smoothing(frame, planes, progression, quantization);
        PixelAssembler assembler = new PixelAssembler(frame, colors, planes, quantization, pixels);
        for (int row = 0; row < frame.mcuRows(); row++) assembler.addRow(row, smoothing);
    }

    private static CoefficientPlane[] planes(JpegFrame frame, boolean inOneScan) {
        CoefficientPlane[] planes = new CoefficientPlane[frame.components().size()];
        for (int i = 0; i < planes.length; i++) {
            JpegComponent component = frame.components().get(i);
            planes[i] = new CoefficientPlane(component, inOneScan ? component.down() : component.paddedHigh());
        }
        return planes;
    }

    /** A component has the quantisation table that is defined when its first scan starts. */
    private void latchQuantization(JpegFrame frame, JpegScan scan, int[][] quantization) {
        for (int i : scan.components()) {
            if (quantization[i] == null) quantization[i] = markers.tables().quantization(frame.components().get(i));
        }
    }

    private static BlockSmoothing[] smoothing(
            JpegFrame frame, CoefficientPlane[] planes, Progression progression, int[][] quantization) {
        if (!frame.progressive() || !BlockSmoothing.applies(progression, quantization)) return null;
        BlockSmoothing[] smoothing = new BlockSmoothing[planes.length];
        for (int i = 0; i < planes.length; i++) {
            JpegComponent component = frame.components().get(i);
            smoothing[i] = new BlockSmoothing(component, planes[i], progression.lowBits(i), quantization[i], frame.mcuRows());
        }
        return smoothing;
    }

    /**
     * The scan after one that is decoded; null at the end. Some cameras write no EOI, but data of their own. That is an end,
     * too, if nothing is missing and the scan ends as scans do.
     */
    private JpegScan nextScan(ScanDecoder decoder, boolean complete) {
        try {
            return markers.nextScan(decoder.position());
        } catch (ImageException e) {
            boolean hasTrailer = decoder.position() + 1 < file.length();
            if (complete && hasTrailer && decoder.endsCleanly()) return null;
            throw e;
        }
    }
}
