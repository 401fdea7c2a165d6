package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.ImageBytes;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Marks of formats that few programs write and that are not read, so that they can be named. */
final class OtherImageFormats {
    private static final int HEAD = 256;

    private static final Pattern XPM = Pattern.compile("\\s*/\\* XPM \\*/.*", Pattern.DOTALL);
    private static final Pattern XBM =
            Pattern.compile("\\s*#define\\s+\\w+_width\\s+\\d+\\s+#define\\s+\\w+_height\\s+\\d+\\s.*", Pattern.DOTALL);

    /** The first entry of the zip file is its media type, not compressed. */
    private static final int ZIP_NAME = 30;

    private OtherImageFormats() {}

    static ImageFormat of(ImageBytes file) {
        ImageFormat byMark = byMark(file);
        if (byMark != ImageFormat.UNKNOWN) return byMark;
        if (file.hasText(0, "FORM") && (file.hasText(8, "ILBM") || file.hasText(8, "PBM "))) return ImageFormat.ILBM;
        if (file.hasText(0, "PK\3\4") && file.hasText(ZIP_NAME, "mimetypeapplication/x-krita")) return ImageFormat.KRITA;
        if (file.hasText(0, "PK\3\4") && file.hasText(ZIP_NAME, "mimetypeimage/openraster")) return ImageFormat.OPEN_RASTER;
        if (file.hasText(0, "\1\0\0\0") && file.hasText(40, " EMF")) return ImageFormat.EMF;
        if (file.hasText(128, "DICM")) return ImageFormat.DICOM;
        if (isSgi(file)) return ImageFormat.SGI;
        String head = new String(file.bytes(), 0, Math.min(file.length(), HEAD), StandardCharsets.ISO_8859_1);
        if (XPM.matcher(head).matches()) return ImageFormat.XPM;
        return XBM.matcher(head).matches() ? ImageFormat.XBM : ImageFormat.UNKNOWN;
    }

    private static ImageFormat byMark(ImageBytes file) {
        if (file.hasText(0, "gimp xcf file") || file.hasText(0, "gimp xcf v")) return ImageFormat.GIMP;
        if (file.hasText(0, "icns") && file.hasText(4, "\0")) return ImageFormat.APPLE_ICON;
        if (file.hasText(0, "#?RADIANCE") || file.hasText(0, "#?RGBE")) return ImageFormat.RADIANCE;
        if (file.hasText(0, "II\u00bc")) return ImageFormat.JPEG_XR;
        if (file.hasText(0, "\u0097JB2\r\n\32\n")) return ImageFormat.JBIG2;
        if (file.hasText(0, "FLIF") && (file.hasText(5, "0") || file.hasText(5, "1") || file.hasText(5, "2"))) return ImageFormat.FLIF;
        if (file.hasText(0, "BPG\u00fb")) return ImageFormat.BPG;
        if (file.hasText(0, "\u008aMNG") || file.hasText(0, "\u008bJNG")) return ImageFormat.MNG;
        if (file.hasText(0, "\u0059\u00a6\u006a\u0095")) return ImageFormat.SUN_RASTER;
        if (file.hasText(0, "AT&TFORM")) return ImageFormat.DJVU;
        if (file.hasText(0, "farbfeld\0")) return ImageFormat.FARBFELD;
        if (file.hasText(0, "SDPX\0") || file.hasText(0, "XPDS") && file.hasText(7, "\0")) return ImageFormat.DPX;
        if (file.hasText(0, "\u0080\u002a\u005f\u00d7")) return ImageFormat.CINEON;
        if (file.hasText(0, "\u00abKTX ")) return ImageFormat.KHRONOS_TEXTURE;
        if (file.hasText(0, "\23\u00ab\u00a1\\")) return ImageFormat.ASTC;
        if (file.hasText(0, "VTF\0")) return ImageFormat.VALVE_TEXTURE;
        if (file.hasText(0, "SIMPLE  =")) return ImageFormat.FITS;
        if (file.hasText(0, "\u00d7\u00cd\u00c6\u009a") || file.hasText(0, "\1\0\11\0\0\3")) return ImageFormat.WMF;
        ImageFormat old = ofOldPrograms(file);
        if (old != ImageFormat.UNKNOWN) return old;
        return file.hasText(0, "\u00c5\u00d0\u00d3\u00c6") ? ImageFormat.POST_SCRIPT : ImageFormat.UNKNOWN;
    }

    private static ImageFormat ofOldPrograms(ImageBytes file) {
        if (file.hasText(0, "DanM") || file.hasText(0, "LinS")) return ImageFormat.WINDOWS_PAINT;
        if (file.hasText(0, "BLP1") || file.hasText(0, "BLP2")) return ImageFormat.BLIZZARD_TEXTURE;
        if (file.hasText(0, "Image type: ")) return ImageFormat.IFUNC;
        if (file.hasText(0, "\u00b1\u0068\u00de\u003a")) return ImageFormat.MULTI_PCX;
        if (file.hasText(20, "GIMP") && file.hasText(0, "\0\0\0")) return ImageFormat.GIMP_BRUSH;
        boolean isFlic = file.hasText(4, "\u0011\u00af") || file.hasText(4, "\u0012\u00af");
        return isFlic && file.hasText(12, "\b\0") ? ImageFormat.FLIC : ImageFormat.UNKNOWN;
    }

    /** Behind the mark come 0 or 1 for compression, the bytes of a value, and one to three dimensions. */
    private static boolean isSgi(ImageBytes file) {
        if (!file.hasText(0, "\1\u00da") || file.length() < 12) return false;
        return file.u8(2) <= 1 && (file.u8(3) == 1 || file.u8(3) == 2) && file.u8(4) == 0 && file.u8(5) >= 1 && file.u8(5) <= 3;
    }
}
