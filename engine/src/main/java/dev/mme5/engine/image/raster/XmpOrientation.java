package dev.mme5.engine.image.raster;

import java.nio.charset.StandardCharsets;

/**
 * Finds the orientation in an XMP packet as Pillow's {@code getexif} does: the first {@code tiff:Orientation="D} or
 * {@code tiff:Orientation>D} with a digit D, without parsing the XML. It counts only if Exif names no orientation.
 */
public final class XmpOrientation {
    private static final byte[] NAME = "tiff:Orientation".getBytes(StandardCharsets.US_ASCII);

    private XmpOrientation() {}

    /** The orientation that a packet names, or null if it names none. */
    public static Orientation of(byte[] xmp) {
        for (int i = 0; i + NAME.length + 2 <= xmp.length; i++) {
            if (!matches(xmp, i)) continue;
            int mark = i + NAME.length;
            int digit = -1;
            if (xmp[mark] == '>') {
                digit = mark + 1;
            } else if (xmp[mark] == '=' && xmp[mark + 1] == '"') {
                digit = mark + 2;
            }
            if (digit > 0 && digit < xmp.length && xmp[digit] >= '0' && xmp[digit] <= '9') return Orientation.of(xmp[digit] - '0');
        }
        return null;
    }

    private static boolean matches(byte[] xmp, int offset) {
        for (int i = 0; i < NAME.length; i++) if (xmp[offset + i] != NAME[i]) return false;
        return true;
    }
}
