package dev.mme5.engine.image.jpeg.header;

import dev.mme5.engine.image.jpeg.entropy.ScanBand;
import dev.mme5.engine.image.raster.ExifOrientation;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.XmpOrientation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the segments of a JPEG from scan to scan. Like libjpeg it skips any bytes between two segments, since wrong lengths and
 * remains of editing occur, and refuses what it does not know.
 */
public final class JpegMarkerReader {
    private static final int SOI = 0xd8;
    public static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int COM = 0xfe;

    private static final String EXIF = "Exif\0\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    /** Encoders write about 10. Each scan passes over the whole image, so a small file of very many could take hours. */
    private static final int MAX_SCANS = 100;
    private static final int MAX_COMPONENTS = 4;
    private static final int MAX_SAMPLING = 4;
    private static final int MAX_BLOCKS_IN_MCU = 10;
    /** libjpeg's limit. */
    private static final int MAX_SIDE = 65500;

    private final ImageBytes file;
    private final boolean readOrientation;
    private final JpegTables tables;
    private final JpegColors.Evidence colors = new JpegColors.Evidence();
    private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
    private byte[] xmp = {};

    private JpegFrame frame;
    private int scans;
    /** Offset after the last segment that was read. */
    private int position;

    public JpegMarkerReader(ImageBytes file, boolean readOrientation) {
        this.file = file;
        this.readOrientation = readOrientation;
        this.tables = new JpegTables(file);
    }

    /** Reads up to the first scan. */
    public JpegScan readHeader() {
        if (file.u16BigEndian(0) != (0xff00 | SOI)) throw file.damaged("it does not start with SOI");
        if (file.u8(2) != 0xff) throw file.damaged("no marker at byte 2");
        JpegScan scan = nextScan(2);
        while (scan == null) {
            // Tables may come in a stream of their own, in front of the image.
            if (frame != null) throw file.damaged("it has no scan");
            if (!file.hasText(position, "\u00ff\u00d8")) throw file.damaged("it has no frame");
            colors.reset();
            tables.startImage();
            scan = nextScan(position + 2);
        }
        return scan;
    }

    public JpegFrame frame() {
        return frame;
    }

    public JpegTables tables() {
        return tables;
    }

    /** @throws ImageException if there are two channels, which mean nothing without a tag of a TIFF */
    public JpegColors colors() {
        if (frame.components().size() == 2) throw file.unsupported("JPEG with 2 channels is not supported");
        return colors.colors(frame);
    }

    public Orientation orientation() {
        byte[] block = exif.toByteArray();
        return Orientation.firstOf(ExifOrientation.of(block, 0, block.length), XmpOrientation.of(xmp));
    }

    /** Reads from an offset up to the next scan; null at EOI. */
    public JpegScan nextScan(int offset) {
        position = offset;
        while (true) {
            position = afterNextMarker(file, position);
            int marker = file.u8(position - 1);
            if (marker == EOI) return null;
            if (marker == SOI) throw file.damaged("a second SOI at byte %d".formatted(position - 2));
            if (isAlone(marker)) continue;
            int length = Math.max(file.u16BigEndian(position), 2);
            if (length > file.u16BigEndian(position) && !isApplicationData(marker)) {
                throw file.damaged("a segment of %d bytes at byte %d".formatted(file.u16BigEndian(position), position));
            }
            file.require(position, length);
            int content = position + 2;
            position += length;
            if (marker == SOS) return readScan(content, length - 2);
            readSegment(marker, content, length - 2);
        }
    }

    /**
     * Offset after the next marker from an offset on, over any bytes in front of it.
     *
     * @throws ImageException if the file ends before
     */
    public static int afterNextMarker(ImageBytes file, int offset) {
        int at = offset;
        while (true) {
            while (file.u8(at) != 0xff) at++;
            while (file.u8(at) == 0xff) at++;
            if (file.u8(at++) != 0) return at;
        }
    }

    /** RST0 to RST7 and TEM have no segment. */
    private static boolean isAlone(int marker) {
        return marker >= 0xd0 && marker <= 0xd7 || marker == 0x01;
    }

    private static boolean isApplicationData(int marker) {
        return marker >= APP0 && marker <= 0xef || marker == COM;
    }

    private void readSegment(int marker, int offset, int length) {
        switch (marker) {
            case 0xc0, 0xc1, 0xc2, 0xc9, 0xca -> readFrame(marker, offset, length);
            case 0xc3, 0xcb -> throw file.unsupported("lossless JPEG is not supported");
            case 0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf -> throw file.unsupported("hierarchical JPEG is not supported");
            case 0xc4 -> tables.readHuffman(offset, length);
            case 0xcc -> tables.readConditioning(offset, length);
            case 0xdb -> tables.readQuantization(offset, length);
            case 0xdd -> tables.readRestartInterval(offset, length);
            case 0xdc -> {} // DNL: the height, again
            default -> {
                if (!isApplicationData(marker)) throw file.damaged("unknown marker 0x%02x at byte %d".formatted(marker, offset - 4));
                if (scans == 0) readApplicationData(marker, offset, length);
            }
        }
    }

    private void readApplicationData(int marker, int offset, int length) {
        if (marker == APP0 && length >= 14 && file.hasText(offset, "JFIF\0")) colors.foundJfif();
        if (marker == APP14 && length >= 12 && file.hasText(offset, "Adobe")) colors.foundAdobe(file.u8(offset + 11));
        if (marker != APP1 || !readOrientation) return;
        if (length >= EXIF.length() && file.hasText(offset, EXIF)) {
            exif.write(file.bytes(), offset + EXIF.length(), length - EXIF.length());
        }
        if (length >= XMP.length() && file.hasText(offset, XMP)) {
            xmp = Arrays.copyOfRange(file.bytes(), offset + XMP.length(), offset + length);
        }
    }

    private void readFrame(int marker, int offset, int length) {
        if (frame != null) throw file.damaged("it has two frames");
        if (length < 6 || length != 6 + 3 * file.u8(offset + 5)) throw file.damaged("a frame header of %d bytes".formatted(length));
        int bits = file.u8(offset);
        if (bits != 8) throw file.unsupported("JPEG with %d bits a sample is not supported".formatted(bits));
        int height = file.u16BigEndian(offset + 1);
        int width = file.u16BigEndian(offset + 3);
        file.requireSize(width, height);
        if (Math.max(width, height) > MAX_SIDE) {
            throw file.tooLarge("%d x %d pixels, the limit of a side is %d".formatted(width, height, MAX_SIDE));
        }
        int count = file.u8(offset + 5);
        if (count < 1 || count > MAX_COMPONENTS) throw file.unsupported("JPEG with %d channels is not supported".formatted(count));
        List<int[]> specifications = new ArrayList<>();
        for (int at = offset + 6; at < offset + length; at += 3) {
            int sampling = file.u8(at + 1);
            specifications.add(new int[] {file.u8(at), sampling >> 4, sampling & 15, file.u8(at + 2)});
        }
        requireSampling(specifications);
        boolean progressive = marker == 0xc2 || marker == 0xca;
        frame = JpegFrame.of(progressive, marker >= 0xc9, width, height, specifications);
    }

    private void requireSampling(List<int[]> specifications) {
        for (int axis = 1; axis <= 2; axis++) {
            int max = 0;
            for (int[] s : specifications) max = Math.max(max, s[axis]);
            for (int[] s : specifications) {
                if (s[axis] < 1 || max > MAX_SAMPLING) throw file.damaged("a sampling factor of %d".formatted(s[axis] < 1 ? 0 : max));
                if (max % s[axis] != 0) {
                    throw file.unsupported("JPEG with sampling factors %d and %d is not supported".formatted(max, s[axis]));
                }
            }
        }
    }

    private JpegScan readScan(int offset, int length) {
        if (frame == null) throw file.damaged("a scan without frame at byte %d".formatted(offset - 4));
        if (++scans > MAX_SCANS) throw file.unsupported("JPEG with more than %d scans is not supported".formatted(MAX_SCANS));
        if (scans == 1) tables.addStandardTables();
        int count = length < 1 ? 0 : file.u8(offset);
        if (count < 1 || count > MAX_COMPONENTS || length != 4 + 2 * count) {
            throw file.damaged("a scan header of %d bytes".formatted(length));
        }
        int[] components = new int[count];
        int[] dcTables = new int[count];
        int[] acTables = new int[count];
        Arrays.fill(components, -1);
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            components[i] = component(file.u8(offset + 1 + 2 * i), components);
            dcTables[i] = file.u8(offset + 2 + 2 * i) >> 4;
            acTables[i] = file.u8(offset + 2 + 2 * i) & 15;
            JpegComponent c = frame.components().get(components[i]);
            blocks += c.across() * c.down();
        }
        if (count > 1 && blocks > MAX_BLOCKS_IN_MCU) {
            throw file.damaged("%d blocks in an MCU, the limit is %d".formatted(blocks, MAX_BLOCKS_IN_MCU));
        }
        int end = offset + 1 + 2 * count;
        ScanBand band = new ScanBand(file.u8(end), file.u8(end + 1), file.u8(end + 2) >> 4, file.u8(end + 2) & 15);
        return new JpegScan(components, dcTables, acTables, band, tables.restartInterval(), offset + length);
    }

    /**
     * Index of a scan's next component. Since encoders exist that give all channels the same id, a component does not match if
     * the scan has one at the component's index already: libjpeg-turbo's rule.
     */
    private int component(int id, int[] scanComponents) {
        for (int i = 0; i < frame.components().size(); i++) {
            boolean free = i >= scanComponents.length || scanComponents[i] < 0;
            if (frame.components().get(i).id() != id || !free) continue;
            for (int earlier : scanComponents) if (earlier == i) throw file.damaged("a scan with channel %d twice".formatted(id));
            return i;
        }
        throw file.damaged("a scan of the unknown channel %d".formatted(id));
    }
}
