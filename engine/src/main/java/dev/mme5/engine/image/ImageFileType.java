package dev.mme5.engine.image;

import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What kind of image a file is, from its first bytes. For programs that look for images among files of any kind.
 *
 * <p>Because any text may begin with {@code BM} or {@code P5}, formats with a short mark must also have a plausible header here.
 * {@link ImageDecoder}, which is given files that are meant to be images, is less strict. Targa has no mark at all, so its
 * extension decides.
 *
 * @param title name of the format, such as {@code HEIC}
 * @param supported whether {@link ImageDecoder} reads it
 */
public record ImageFileType(String title, boolean supported) {
    /** Number of first bytes that are enough; a shorter file is given whole. */
    public static final int HEAD_BYTES = 1024;

    private static final Set<String> TARGA = Set.of("tga", "icb", "vda", "vst");

    /** Cameras whose raw files begin like a TIFF. */
    private static final Set<String> TIFF_RAW = Set.of(
            "3fr", "arw", "cr2", "dcr", "dng", "erf", "iiq", "k25", "kdc", "mef", "mos", "nef", "nrw", "orf", "pef", "rwl", "sr2", "srf",
            "srw");

    private static final Pattern ANYMAP =
            Pattern.compile("P[1-7F]\\s+(#[^\\n]*\\n\\s*)*(\\d+\\s+(#[^\\n]*\\n\\s*)*\\d+\\s|WIDTH|HEIGHT|DEPTH).*", Pattern.DOTALL);
    private static final Pattern FLOAT_MAP = Pattern.compile("P[fF]\\s+\\d+\\s+\\d+\\s+[-+0-9.].*", Pattern.DOTALL);
    private static final Pattern SVG =
            Pattern.compile("(\\u00ef\\u00bb\\u00bf)?\\s*(<\\?xml.*|<!--.*|<!DOCTYPE\\s+svg.*)?<svg.*", Pattern.DOTALL);

    /**
     * The type of an image, or empty for a file that is none.
     *
     * @param head the first {@link #HEAD_BYTES} of the file, or more
     * @param extension of the file's name, without the dot, in any case; may be empty
     */
    public static Optional<ImageFileType> of(byte[] head, String extension) {
        ImageBytes file = new ImageBytes("", head, ImageDecoder.DEFAULT_MAX_PIXELS, HeapLimit.UNLIMITED);
        ImageFormat format = ImageFormat.of(file);
        String lower = extension.toLowerCase(Locale.ROOT);
        boolean isImage = switch (format) {
            case UNKNOWN -> false;
            case TGA -> TARGA.contains(lower);
            case JPEG -> file.hasText(2, "\u00ff");
            case BMP -> isBitmap(file);
            case ICO, CURSOR -> isIcon(file);
            case PNM, PAM, COLOR_FLOAT -> isAnymap(head);
            case PCX -> file.u8(3) <= 8 && file.u16LittleEndian(4) <= file.u16LittleEndian(8)
                    && file.u16LittleEndian(6) <= file.u16LittleEndian(10);
            case JPEG_XL -> file.hasText(4, "JXL \r\n") || lower.equals("jxl");
            case SVG -> SVG.matcher(latin1(head)).matches();
            case PHOTOSHOP -> file.hasText(4, "\0\1") || file.hasText(4, "\0\2");
            default -> true;
        };
        if (!isImage) return Optional.empty();
        if (format == ImageFormat.TIFF && TIFF_RAW.contains(lower)) format = ImageFormat.CAMERA_RAW;
        return Optional.of(new ImageFileType(format.title(), format.supported()));
    }

    /**
     * Behind "BM" come the length of the file, four bytes that should be 0 and are not always, the offset of the pixels, and a header of a
     * known length with one plane, or none.
     */
    private static boolean isBitmap(ImageBytes file) {
        if (!file.hasText(0, "BM")) return true; // a header alone has been checked
        if (file.length() < 28) return false;
        long header = file.u32LittleEndian(14);
        int planes = file.u16LittleEndian(header == 12 ? 22 : 26);
        return planes <= 1 && Set.of(12L, 16L, 40L, 52L, 56L, 64L, 108L, 124L).contains(header);
    }

    /** At least one image, whose entry has a 0 where icons have one and a plausible offset. */
    private static boolean isIcon(ImageBytes file) {
        if (file.length() < 22) return false;
        int images = file.u16LittleEndian(4);
        return images > 0 && images < 256 && file.u8(9) == 0 && file.u32LittleEndian(18) >= 6 + 16L * images;
    }

    private static boolean isAnymap(byte[] head) {
        String text = latin1(head);
        return ANYMAP.matcher(text).matches() || FLOAT_MAP.matcher(text).matches();
    }

    private static String latin1(byte[] head) {
        return new String(head, 0, Math.min(head.length, HEAD_BYTES), StandardCharsets.ISO_8859_1);
    }
}
