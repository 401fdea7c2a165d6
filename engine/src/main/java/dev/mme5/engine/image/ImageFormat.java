package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.ImageBytes;
import java.nio.charset.StandardCharsets;

/** What a file is, by its first bytes, so that a picture of a kind we do not read is refused by its name. */
enum ImageFormat {
    PNG("PNG", true),
    JPEG("JPEG", true),
    GIF("GIF", true),
    BMP("BMP", true),
    WEBP("WebP", true),
    AVIF("AVIF", false),
    HEIC("HEIC", false),
    TIFF("TIFF", false),
    JPEG_2000("JPEG 2000", false),
    JPEG_XL("JPEG XL", false),
    ICON("ICO", false),
    PHOTOSHOP("PSD", false),
    PORTABLE_ANYMAP("PNM", false),
    QOI("QOI", false),
    OPEN_EXR("OpenEXR", false),
    DIRECT_DRAW("DDS", false),
    SVG("SVG", false),
    PDF("PDF", false),
    UNKNOWN("", false);

    static final String SUPPORTED = "PNG, JPEG, GIF, BMP and WebP are";

    private final String title;
    private final boolean supported;

    ImageFormat(String title, boolean supported) {
        this.title = title;
        this.supported = supported;
    }

    String title() {
        return title;
    }

    boolean supported() {
        return supported;
    }

    static ImageFormat of(ImageBytes file) {
        if (file.hasText(0, "\u0089PNG")) return PNG;
        if (file.hasText(0, "\u00ff\u00d8")) return JPEG;
        if (file.hasText(0, "GIF8")) return GIF;
        if (file.hasText(0, "BM")) return BMP;
        if (file.hasText(0, "RIFF") && file.hasText(8, "WEBP")) return WEBP;
        if (file.hasText(4, "ftyp")) return isoMedia(file);
        if (file.hasText(0, "II*\0") || file.hasText(0, "MM\0*")) return TIFF;
        if (file.hasText(0, "II+\0") || file.hasText(0, "MM\0+")) return TIFF;
        if (file.hasText(4, "jP  \r\n") || file.hasText(0, "\u00ff\u004f\u00ff\u0051")) return JPEG_2000;
        if (file.hasText(4, "JXL \r\n") || file.hasText(0, "\u00ff\n")) return JPEG_XL;
        if (file.hasText(0, "\0\0\1\0") || file.hasText(0, "\0\0\2\0")) return ICON;
        if (file.hasText(0, "8BPS")) return PHOTOSHOP;
        if (file.hasText(0, "qoif")) return QOI;
        if (file.hasText(0, "v/1\1")) return OPEN_EXR;
        if (file.hasText(0, "DDS ")) return DIRECT_DRAW;
        if (file.hasText(0, "%PDF")) return PDF;
        if (isPortableAnymap(file)) return PORTABLE_ANYMAP;
        return isSvg(file) ? SVG : UNKNOWN;
    }

    /** ISO base media files say what they are in a "brand" of four letters. */
    private static ImageFormat isoMedia(ImageBytes file) {
        for (String brand : new String[] {"avif", "avis"}) if (file.hasText(8, brand)) return AVIF;
        for (String brand : new String[] {"hei", "hev", "mif1", "msf1"}) if (file.hasText(8, brand)) return HEIC;
        return UNKNOWN;
    }

    private static boolean isPortableAnymap(ImageBytes file) {
        if (!file.hasText(0, "P") || file.length() < 3) return false;
        int kind = file.u8(1);
        return kind >= '1' && kind <= '7' && Character.isWhitespace(file.u8(2));
    }

    private static boolean isSvg(ImageBytes file) {
        String head = new String(file.bytes(), 0, Math.min(file.length(), 1024), StandardCharsets.ISO_8859_1);
        return head.contains("<svg");
    }
}
