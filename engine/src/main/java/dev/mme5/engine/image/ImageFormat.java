package dev.mme5.engine.image;

import dev.mme5.engine.image.bmp.BmpDecoder;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.simple.PcxDecoder;
import dev.mme5.engine.image.simple.PnmDecoder;
import dev.mme5.engine.image.simple.TgaDecoder;
import dev.mme5.engine.image.tiff.TiffDecoder;
import java.nio.charset.StandardCharsets;

/** The format of a file, by its first bytes. Formats that are not read have their names, so that the refusal can say what to do. */
enum ImageFormat {
    PNG("PNG", true),
    JPEG("JPEG", true),
    GIF("GIF", true),
    BMP("BMP", true),
    WEBP("WebP", true),
    TIFF("TIFF", true),
    ICO("ICO", true),
    PNM("PNM", true),
    PCX("PCX", true),
    QOI("QOI", true),
    TGA("TGA", true),
    AVIF("AVIF", false),
    HEIC("HEIC", false),
    JPEG_2000("JPEG 2000", false),
    JPEG_XL("JPEG XL", false),
    CURSOR("CUR", false),
    PHOTOSHOP("PSD", false),
    PAM("PAM", false),
    COLOR_FLOAT("PFM with colours", false),
    OPEN_EXR("OpenEXR", false),
    DIRECT_DRAW("DDS", false),
    CAMERA_RAW("camera raw", false),
    SVG("SVG", false),
    PDF("PDF", false),
    POST_SCRIPT("PostScript", false),
    UNKNOWN("", false);

    static final String SUPPORTED = "PNG, JPEG, WebP, TIFF, GIF, BMP, ICO, PNM, PCX, QOI and TGA are supported";

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

    /** What to do with an image of a format that is not read. */
    String advice() {
        return switch (this) {
            case SVG, PDF, POST_SCRIPT -> "draw it as PNG";
            case CAMERA_RAW -> "develop it as JPEG or PNG";
            default -> "convert it to PNG or JPEG";
        };
    }

    static ImageFormat of(ImageBytes file) {
        if (file.hasText(0, "\u0089PNG")) return PNG;
        if (file.hasText(0, "\u00ff\u00d8")) return JPEG;
        if (file.hasText(0, "GIF8")) return GIF;
        if (file.hasText(0, "BM") || BmpDecoder.isBitmapWithoutFileHeader(file)) return BMP;
        if (file.hasText(0, "RIFF") && file.hasText(8, "WEBP")) return WEBP;
        if (file.hasText(4, "ftyp")) return isoMedia(file);
        if (isCameraRaw(file)) return CAMERA_RAW;
        if (TiffDecoder.isTiff(file)) return TIFF;
        if (file.hasText(4, "jP  \r\n") || file.hasText(0, "\u00ff\u004f\u00ff\u0051")) return JPEG_2000;
        if (file.hasText(4, "JXL \r\n") || file.hasText(0, "\u00ff\n")) return JPEG_XL;
        if (file.hasText(0, "\0\0\1\0")) return ICO;
        if (file.hasText(0, "8BPS")) return PHOTOSHOP;
        if (file.hasText(0, "qoif")) return QOI;
        if (file.hasText(0, "v/1\1")) return OPEN_EXR;
        if (file.hasText(0, "DDS ")) return DIRECT_DRAW;
        if (file.hasText(0, "%PDF")) return PDF;
        if (file.hasText(0, "%!PS")) return POST_SCRIPT;
        if (PnmDecoder.isPnm(file)) return PNM;
        if (file.hasText(0, "P7\n")) return PAM;
        if (file.hasText(0, "PF\n")) return COLOR_FLOAT;
        if (isSvg(file)) return SVG;
        if (PcxDecoder.isPcx(file)) return PCX;
        if (TgaDecoder.isTga(file)) return TGA;
        return file.hasText(0, "\0\0\2\0") ? CURSOR : UNKNOWN;
    }

    /** ISO base media files name their kind in a "brand" of four letters. */
    private static ImageFormat isoMedia(ImageBytes file) {
        for (String brand : new String[] {"avif", "avis"}) if (file.hasText(8, brand)) return AVIF;
        for (String brand : new String[] {"hei", "hev", "mif1", "msf1"}) if (file.hasText(8, brand)) return HEIC;
        return file.hasText(8, "crx ") ? CAMERA_RAW : UNKNOWN;
    }

    /** Canon, Fujifilm, Olympus and Panasonic; those of others are TIFF files of kinds that the TIFF decoder refuses. */
    private static boolean isCameraRaw(ImageBytes file) {
        if (file.hasText(0, "II*\0") && file.hasText(8, "CR\2")) return true;
        for (String start : new String[] {"FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\0"}) if (file.hasText(0, start)) return true;
        return false;
    }

    private static boolean isSvg(ImageBytes file) {
        String head = new String(file.bytes(), 0, Math.min(file.length(), 1024), StandardCharsets.ISO_8859_1);
        return head.contains("<svg");
    }
}
