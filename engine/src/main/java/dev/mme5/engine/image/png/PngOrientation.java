package dev.mme5.engine.image.png;

import dev.mme5.engine.image.raster.ExifOrientation;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.XmpOrientation;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Finds the orientation of a PNG where Pillow's {@code exif_transpose} does: in the chunk eXIf, else in ImageMagick's text
 * {@code Raw profile type exif}, else in an XMP packet. Metadata that make no sense are ignored.
 */
final class PngOrientation {
    private static final String RAW_PROFILE = "Raw profile type exif";
    private static final String XMP = "XML:com.adobe.xmp";

    /** Pillow's limit for a text chunk. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private final ImageBytes file;
    private final boolean applied;
    private PngDecoder.Span exif;
    private PngDecoder.Span rawProfile;
    private boolean rawProfileCompressed;
    private PngDecoder.Span xmp;
    private boolean xmpCompressed;

    /** @param applied whether an orientation is looked for at all */
    PngOrientation(ImageBytes file, boolean applied) {
        this.file = file;
        this.applied = applied;
    }

    /** Notes a chunk eXIf, tEXt, zTXt or iTXt. Of several of a kind the last one counts. */
    void readChunk(String type, PngDecoder.Span data) {
        if (!applied) return;
        if (type.equals("eXIf")) {
            exif = data;
            return;
        }
        for (String key : new String[] {RAW_PROFILE, XMP}) {
            if (data.length() <= key.length() || !file.hasText(data.offset(), key + "\0")) continue;
            readText(type, key, data.offset() + key.length() + 1, data.offset() + data.length());
        }
    }

    private void readText(String type, String key, int offset, int end) {
        boolean compressed = type.equals("zTXt");
        int text = offset;
        if (compressed) {
            if (offset >= end || file.u8(offset) != 0) return;
            text = offset + 1;
        } else if (type.equals("iTXt")) {
            if (end - offset < 2) return;
            compressed = file.u8(offset) != 0;
            if (compressed && file.u8(offset + 1) != 0) return;
            text = afterZero(afterZero(offset + 2, end), end);
        }
        if (text < 0) return;
        PngDecoder.Span span = new PngDecoder.Span(text, end - text);
        if (key.equals(XMP)) {
            xmp = span;
            xmpCompressed = compressed;
        } else {
            rawProfile = span;
            rawProfileCompressed = compressed;
        }
    }

    private int afterZero(int offset, int end) {
        if (offset < 0) return -1;
        for (int i = offset; i < end; i++) if (file.bytes()[i] == 0) return i + 1;
        return -1;
    }

    Orientation read() {
        return Orientation.firstOf(ofExif(), xmp == null ? null : XmpOrientation.of(text(xmp, xmpCompressed)));
    }

    private Orientation ofExif() {
        if (exif != null) return ExifOrientation.of(file.bytes(), exif.offset(), exif.length());
        if (rawProfile == null) return null;
        byte[] block = ofHex(new String(text(rawProfile, rawProfileCompressed), StandardCharsets.ISO_8859_1));
        return ExifOrientation.of(block, 0, block.length);
    }

    /** The bytes of a raw profile: hexadecimal digits after three lines that give its name and length. */
    private static byte[] ofHex(String profile) {
        int line = 0;
        for (int i = 0; i < 3; i++) line = profile.indexOf('\n', line) + 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int high = -1;
        for (char c : profile.substring(line).toCharArray()) {
            int digit = Character.digit(c, 16);
            if (digit < 0 && Character.isWhitespace(c)) continue;
            if (digit < 0) break;
            if (high < 0) {
                high = digit;
            } else {
                bytes.write(high << 4 | digit);
                high = -1;
            }
        }
        return bytes.toByteArray();
    }

    private byte[] text(PngDecoder.Span span, boolean compressed) {
        if (!compressed) return Arrays.copyOfRange(file.bytes(), span.offset(), span.offset() + span.length());
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(file.bytes(), span.offset(), span.length());
            byte[] buffer = new byte[8192];
            while (text.size() < MAX_TEXT_BYTES) {
                int count = inflater.inflate(buffer);
                if (count == 0) break;
                text.write(buffer, 0, count);
            }
            return text.toByteArray();
        } catch (DataFormatException e) {
            return new byte[0];
        }
    }
}
