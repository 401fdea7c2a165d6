package dev.mme5.engine.image;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.image.bmp.BmpDecoder;
import dev.mme5.engine.image.gif.GifDecoder;
import dev.mme5.engine.image.ico.IcoDecoder;
import dev.mme5.engine.image.jpeg.JpegDecoder;
import dev.mme5.engine.image.png.PngDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.simple.PcxDecoder;
import dev.mme5.engine.image.simple.PnmDecoder;
import dev.mme5.engine.image.simple.QoiDecoder;
import dev.mme5.engine.image.simple.TgaDecoder;
import dev.mme5.engine.image.tiff.TiffDecoder;
import dev.mme5.engine.image.webp.WebpDecoder;
import dev.mme5.json.JsonReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/**
 * Decodes image files to 8-bit RGB with the same bits as Pillow and HF's convert_to_rgb (reference section 10.1): first frame,
 * colour profiles and gamma ignored, transparency over white. The format is recognised by the file's first bytes, not by its name.
 *
 * <p>An image is read if all its pixels are provably there, and refused otherwise: the embedding of an image whose lower half is
 * grey looks like any other. Everything that can be wrong with an image is an {@link ImageException}. Safe for use by many
 * threads at once.
 */
public final class ImageDecoder {
    /** A small Java may be without it; then nothing of it may be loaded. */
    private static final boolean HAS_FLIGHT_RECORDER = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    /** Pillow's limit against decompression bombs: twice its MAX_IMAGE_PIXELS. */
    public static final long DEFAULT_MAX_PIXELS = 178_956_970;

    private static final int MAX_FILE_BYTES = 512 << 20;

    private final long maxPixels;
    private final boolean applyExif;

    /**
     * @param maxPixels an image with more pixels is refused, from its header, before memory is allocated for it
     * @param applyExif whether an image is rotated by the orientation in its Exif or XMP metadata; the reference does not. TIFF is always
     *     rotated, as in Pillow
     */
    public ImageDecoder(long maxPixels, boolean applyExif) {
        if (maxPixels < 1) throw new IllegalArgumentException("maximum number of pixels: " + maxPixels);
        this.maxPixels = maxPixels;
        this.applyExif = applyExif;
    }

    /** Decodes a file, which must be a regular one: a pipe could block for ever. */
    public RgbImage decode(Path file) {
        return decode(file, HeapLimit.UNLIMITED);
    }

    /**
     * As above.
     *
     * @param heap an image that needs more to be decoded is refused, from its header; its file counts
     */
    public RgbImage decode(Path file, HeapLimit heap) {
        return decode(readAll(file, heap), file.toString(), heap);
    }

    /**
     * Decodes the bytes of an image file.
     *
     * @param file the whole file; not changed
     * @param name what messages call it
     */
    public RgbImage decode(byte[] file, String name) {
        return decode(file, name, HeapLimit.UNLIMITED);
    }

    /**
     * As above.
     *
     * @param heap an image that needs more to be decoded is refused, from its header; its file counts
     */
    public RgbImage decode(byte[] file, String name, HeapLimit heap) {
        ImageBytes bytes = new ImageBytes(name, file, maxPixels, heap);
        if (file.length == 0) throw bytes.error("is empty");
        ImageFormat format = ImageFormat.of(bytes);
        if (bytes.hasText(0, JsonReader.LFS_START)) throw bytes.error(JsonReader.LFS_PROBLEM);
        if (format == ImageFormat.UNKNOWN) throw bytes.unsupported("is not an image: " + ImageFormat.SUPPORTED);
        if (!format.supported()) {
            throw bytes.unsupported("%s is not supported, %s; %s".formatted(format.title(), format.advice(), ImageFormat.SUPPORTED));
        }
        DecodeEvent event = HAS_FLIGHT_RECORDER ? DecodeEvent.started() : null;
        RgbImage image = null;
        try {
            image = switch (format) {
                case PNG -> new PngDecoder(bytes, applyExif).decode();
                case JPEG -> new JpegDecoder(bytes, applyExif).decode();
                case WEBP -> new WebpDecoder(bytes, applyExif).decode();
                case GIF -> new GifDecoder(bytes).decode();
                case BMP -> BmpDecoder.decode(bytes);
                case TIFF -> TiffDecoder.decode(bytes);
                case ICO -> IcoDecoder.decode(bytes);
                case PNM -> PnmDecoder.decode(bytes);
                case PCX -> PcxDecoder.decode(bytes);
                case QOI -> QoiDecoder.decode(bytes);
                case TGA -> TgaDecoder.decode(bytes);
                default -> throw new AssertionError(format);
            };
            return image;
        } catch (OutOfMemoryError e) {
            throw ImageException.outOfMemory(name, e);
        } finally {
            if (event != null) event.end(format, file, image);
        }
    }

    /**
     * The pixels of an image in memory. They equal those of its file wherever ImageIO keeps them.
     *
     * @param image not changed
     * @param name what messages call it
     * @param heap an image whose copy needs more is refused
     */
    public RgbImage convert(BufferedImage image, String name, HeapLimit heap) {
        ImageBytes bytes = new ImageBytes(name, new byte[0], maxPixels, heap);
        bytes.requireSize(image.getWidth(), image.getHeight());
        try {
            BufferedImageConverter converter = new BufferedImageConverter(image);
            return converter.toRgb(bytes.newPixels(3L * image.getWidth() * image.getHeight(), converter.bytes()));
        } catch (OutOfMemoryError e) {
            throw ImageException.outOfMemory(name, e);
        }
    }

    private static byte[] readAll(Path file, HeapLimit heap) {
        String name = file.toString();
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw new ImageException(Refusal.UNREADABLE, name, "is a folder, not an image");
            if (!attributes.isRegularFile()) throw new ImageException(Refusal.UNREADABLE, name, "is not a regular file");
            try (InputStream in = Files.newInputStream(file)) {
                return readAll(in, Files.size(file), name, heap);
            }
        } catch (NoSuchFileException e) {
            throw new ImageException(Refusal.NOT_FOUND, name, "does not exist", e);
        } catch (AccessDeniedException e) {
            throw new ImageException(Refusal.UNREADABLE, name, "cannot be read: permission denied", e);
        } catch (IOException e) {
            boolean isNamed = e instanceof FileSystemException system && system.getReason() != null; // its message repeats the path
            String reason = isNamed ? ((FileSystemException) e).getReason() : e.getMessage();
            throw new ImageException(Refusal.UNREADABLE, name, "cannot be read: " + reason, e);
        } catch (OutOfMemoryError e) {
            throw ImageException.outOfMemory(name, e);
        }
    }

    /** Reads a file of about that size; it may be growing. */
    private static byte[] readAll(InputStream in, long size, String name, HeapLimit heap) throws IOException {
        requireFileBytes(size, name);
        new ImageBytes(name, new byte[0], 1, heap).requireHeap(size);
        byte[] bytes = new byte[(int) size];
        int read = in.readNBytes(bytes, 0, bytes.length);
        if (read < bytes.length) return Arrays.copyOf(bytes, read);
        byte[] more = in.readNBytes(MAX_FILE_BYTES - read + 1);
        if (more.length == 0) return bytes;
        requireFileBytes((long) read + more.length, name);
        byte[] all = Arrays.copyOf(bytes, read + more.length);
        System.arraycopy(more, 0, all, read, more.length);
        return all;
    }

    private static void requireFileBytes(long bytes, String name) {
        if (bytes > MAX_FILE_BYTES)
            throw new ImageException(Refusal.TOO_LARGE, name, "is too large: the limit is %d bytes".formatted(MAX_FILE_BYTES));
    }
}
