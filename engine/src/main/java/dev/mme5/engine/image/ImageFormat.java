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
    GIMP("XCF", false),
    KRITA("Krita", false),
    OPEN_RASTER("OpenRaster", false),
    APPLE_ICON("ICNS", false),
    RADIANCE("HDR", false),
    JPEG_XR("JPEG XR", false),
    JBIG2("JBIG2", false),
    FLIF("FLIF", false),
    BPG("BPG", false),
    MNG("MNG", false),
    SGI("SGI", false),
    SUN_RASTER("Sun raster", false),
    ILBM("ILBM", false),
    DJVU("DjVu", false),
    FARBFELD("farbfeld", false),
    DPX("DPX", false),
    CINEON("Cineon", false),
    KHRONOS_TEXTURE("KTX", false),
    ASTC("ASTC", false),
    VALVE_TEXTURE("VTF", false),
    DICOM("DICOM", false),
    FITS("FITS", false),
    XPM("XPM", false),
    XBM("XBM", false),
    WINDOWS_PAINT("MSP", false),
    BLIZZARD_TEXTURE("BLP", false),
    IFUNC("IM", false),
    MULTI_PCX("DCX", false),
    GIMP_BRUSH("GBR", false),
    FLIC("FLI", false),
    EMF("EMF", false),
    WMF("WMF", false),
    SVG("SVG", false),
    PDF("PDF", false),
    POST_SCRIPT("PostScript", false),
    UNKNOWN("", false);

    static final String SUPPORTED = "PNG, JPEG, WebP, TIFF, GIF, BMP, ICO, PNM, PCX, QOI and TGA are supported";

    /** Bytes of a list of brands that are looked at. */
    private static final int MAX_BRANDS = 256;

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
            case SVG, PDF, POST_SCRIPT, EMF, WMF -> "draw it as PNG";
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
        ImageFormat other = OtherImageFormats.of(file);
        if (other != UNKNOWN) return other;
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

    /**
     * ISO base media files name their kind in a "brand" of four letters. The main one of an AVIF may be that of any image, and then another
     * one says AVIF.
     */
    private static ImageFormat isoMedia(ImageBytes file) {
        if (file.hasText(8, "crx ")) return CAMERA_RAW;
        boolean isHeic = false;
        int end = Math.min(file.length(), Math.clamp(file.u32BigEndian(0), 16, MAX_BRANDS));
        for (int brand = 8; brand + 4 <= end; brand += brand == 8 ? 8 : 4) {
            if (file.hasText(brand, "avif") || file.hasText(brand, "avis")) return AVIF;
            isHeic |=
                    brand == 8 && (file.hasText(8, "hei") || file.hasText(8, "hev") || file.hasText(8, "mif1") || file.hasText(8, "msf1"));
        }
        return isHeic ? HEIC : UNKNOWN;
    }

    /** Canon, Fujifilm, Olympus, Panasonic, Minolta and Sigma; those of others are TIFF files of kinds that the TIFF decoder refuses. */
    private static boolean isCameraRaw(ImageBytes file) {
        if (file.hasText(0, "II*\0") && file.hasText(8, "CR\2")) return true;
        for (String start : new String[] {"FUJIFILMCCD-RAW", "IIRO", "IIRS", "MMOR", "IIU\0", "II\32\0\0\0HEAPCCDR", "\0MRM", "FOVb"})
            if (file.hasText(0, start)) return true;
        return false;
    }

    private static boolean isSvg(ImageBytes file) {
        String head = new String(file.bytes(), 0, Math.min(file.length(), 1024), StandardCharsets.ISO_8859_1);
        return head.contains("<svg");
    }
}
