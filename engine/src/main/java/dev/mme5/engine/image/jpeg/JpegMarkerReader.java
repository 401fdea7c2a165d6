package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks over the markers of a JPEG, from SOI to EOI: refuses what is cut or incomplete, and finds out what the channels are, by
 * libjpeg's rules, which are not ImageIO's.
 *
 * <p>The decoder behind it gets a stream without application data: colour profiles and odd metadata, over which ImageIO stumbles,
 * mean nothing to the pixels.
 */
final class JpegMarkerReader {
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DNL = 0xdc;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int COM = 0xfe;

    private static final int COEFFICIENTS = 64;
    private static final int UNSEEN = -1;

    /** Encoders write about 10. Each scan passes over the whole picture, so a small file of very many could take hours. */
    private static final int MOST_SCANS = 100;

    private final ImageBytes file;
    private final boolean applyExif;
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<JpegFrame.Component> components = new ArrayList<>();
    /** For each component and coefficient, how many low bits are still to come. */
    private final List<int[]> missingBits = new ArrayList<>();

    private int width;
    private int height;
    private boolean progressive;
    private int scans;
    private boolean jfif;
    private int adobeTransform = UNSEEN;
    private Orientation orientation = Orientation.UPRIGHT;

    private JpegMarkerReader(ImageBytes file, boolean applyExif) {
        this.file = file;
        this.applyExif = applyExif;
    }

    static JpegFrame read(ImageBytes file, boolean applyExif) {
        return new JpegMarkerReader(file, applyExif).read();
    }

    private JpegFrame read() {
        if (file.u16BigEndian(0) != (0xff00 | SOI)) throw file.damaged("it does not start with SOI");
        copy(0, 2);
        int at = 2;
        while (true) {
            at = nextMarker(at);
            int marker = file.u8(at - 1);
            if (marker == EOI) break;
            int length = file.u16BigEndian(at);
            if (length < 2) throw file.damaged("a segment of %d bytes at byte %d".formatted(length, at));
            file.require(at, length);
            readSegment(marker, at + 2, length - 2);
            int end = at + length;
            if (marker == SOS) end = endOfScan(end);
            if (!isApplicationData(marker)) copy(at - 2, end);
            at = end;
        }
        copy(at - 2, at);
        requireComplete();
        return new JpegFrame(width, height, List.copyOf(components), colours(), orientation, stream.toByteArray());
    }

    /** The byte after the marker that starts here; any number of bytes 0xff may stand before its code. */
    private int nextMarker(int at) {
        if (file.u8(at) != 0xff) throw file.damaged("no marker at byte %d".formatted(at));
        int code = at + 1;
        while (file.u8(code) == 0xff) code++;
        return code + 1;
    }

    /** Where the coded data end that start here: at the first marker but RST. */
    private int endOfScan(int from) {
        for (int at = from;; at++) {
            if (file.u8(at) != 0xff) continue;
            int next = file.u8(at + 1);
            boolean isData = next == 0 || next == 0xff || next >= 0xd0 && next <= 0xd7;
            if (!isData) return at;
        }
    }

    private static boolean isApplicationData(int marker) {
        return marker >= APP0 && marker <= 0xef || marker == COM;
    }

    private void copy(int from, int to) {
        stream.write(file.bytes(), from, to - from);
    }

    private void readSegment(int marker, int at, int length) {
        switch (marker) {
            case 0xc0, 0xc1, 0xc2 -> readFrame(marker, at, length);
            case 0xc3, 0xc7, 0xcb, 0xcf -> throw file.error("lossless JPEG is not supported");
            case 0xc5, 0xc6, 0xcd, 0xce -> throw file.error("hierarchical JPEG is not supported");
            case 0xc9, 0xca -> throw file.error("JPEG with arithmetic coding is not supported");
            case 0xc4, 0xcc, 0xdb, 0xdd, COM -> {} // tables, comments: for the decoder, or for nobody
            case SOS -> readScan(at, length);
            case DNL -> throw file.error("JPEG with its height after the first scan (DNL) is not supported");
            case APP0 -> jfif |= scans == 0 && length >= 12 && file.hasText(at, "JFIF\0");
            case APP1 -> {
                if (applyExif && length >= 6 && file.hasText(at, "Exif\0\0")) {
                    orientation = Orientation.ofExif(file, at + 6, length - 6);
                }
            }
            case APP14 -> {
                if (scans == 0 && length >= 12 && file.hasText(at, "Adobe")) adobeTransform = file.u8(at + 11);
            }
            default -> {
                if (!isApplicationData(marker)) throw file.damaged("unknown marker 0x%02x at byte %d".formatted(marker, at - 3));
            }
        }
    }

    private void readFrame(int marker, int at, int length) {
        if (!components.isEmpty()) throw file.damaged("it has two frames");
        if (length < 6 || length != 6 + 3 * file.u8(at + 5)) throw file.damaged("a frame header of %d bytes".formatted(length));
        int bits = file.u8(at);
        if (bits != 8) throw file.error("JPEG with %d bits a sample is not supported".formatted(bits));
        height = file.u16BigEndian(at + 1);
        width = file.u16BigEndian(at + 3);
        file.requireSize(width, height);
        progressive = marker == 0xc2;
        int count = file.u8(at + 5);
        if (count != 1 && count != 3 && count != 4) throw file.error("JPEG with %d channels is not supported".formatted(count));
        for (int i = 0; i < count; i++) {
            int component = at + 6 + 3 * i;
            int sampling = file.u8(component + 1);
            components.add(new JpegFrame.Component(file.u8(component), sampling >> 4, sampling & 15));
            int[] unseen = new int[COEFFICIENTS];
            Arrays.fill(unseen, UNSEEN);
            missingBits.add(unseen);
        }
    }

    private void readScan(int at, int length) {
        if (++scans > MOST_SCANS) throw file.error("JPEG with more than %d scans is not supported".formatted(MOST_SCANS));
        int count = length < 1 ? 0 : file.u8(at);
        if (count < 1 || length != 4 + 2 * count) throw file.damaged("a scan header of %d bytes".formatted(length));
        int first = file.u8(at + 1 + 2 * count);
        int last = file.u8(at + 2 + 2 * count);
        int lowBits = file.u8(at + 3 + 2 * count) & 15;
        if (!progressive) {
            first = 0;
            last = COEFFICIENTS - 1;
            lowBits = 0;
        }
        if (first > last || last >= COEFFICIENTS) throw file.damaged("a scan of coefficients %d to %d".formatted(first, last));
        for (int i = 0; i < count; i++) Arrays.fill(missing(file.u8(at + 1 + 2 * i)), first, last + 1, lowBits);
    }

    private int[] missing(int id) {
        for (int i = 0; i < components.size(); i++) if (components.get(i).id() == id) return missingBits.get(i);
        throw file.damaged("a scan of the unknown channel %d".formatted(id));
    }

    /** A file that was cut and closed with EOI has all markers, but not all bits of all coefficients. */
    private void requireComplete() {
        if (components.isEmpty()) throw file.damaged("it has no frame");
        for (int[] channel : missingBits) {
            for (int bits : channel) if (bits != 0) throw file.damaged("it ends before its last scan");
        }
    }

    /** As libjpeg decides (jdapimin.c, default_decompress_parms): JFIF, else Adobe's flag, else the channels' names. */
    private JpegFrame.Colours colours() {
        if (components.size() == 1) return JpegFrame.Colours.GREY;
        boolean untransformed = adobeTransform == UNSEEN || adobeTransform == 0;
        if (components.size() == 4) return untransformed ? JpegFrame.Colours.CMYK : JpegFrame.Colours.YCCK;
        if (jfif) return JpegFrame.Colours.YCC;
        if (adobeTransform != UNSEEN) return adobeTransform == 0 ? JpegFrame.Colours.RGB : JpegFrame.Colours.YCC;
        boolean named = components.get(0).id() == 'R' && components.get(1).id() == 'G' && components.get(2).id() == 'B';
        return named ? JpegFrame.Colours.RGB : JpegFrame.Colours.YCC;
    }
}
