package dev.mme5.engine.image;

import dev.mme5.engine.image.bmp.BmpDecoder;
import dev.mme5.engine.image.gif.GifDecoder;
import dev.mme5.engine.image.jpeg.JpegDecoder;
import dev.mme5.engine.image.png.PngDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.webp.WebpDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads picture files to 8-bit RGB, equal to the bit to what Pillow and HF's convert_to_rgb make of them (reference section
 * 10.1): first frame, colour profiles and gamma ignored, transparency over white.
 *
 * <p>A damaged picture is refused, never half decoded: an embedding of a picture whose lower half is grey looks like any other.
 * Everything that can be wrong with a picture is an {@link ImageException}. May be used by many threads at once.
 */
public final class ImageDecoder {
    /** Pillow's limit against decompression bombs: twice its MAX_IMAGE_PIXELS. */
    public static final long DEFAULT_MAX_PIXELS = 178_956_970;

    private static final int MAX_FILE_BYTES = 512 << 20;

    private final long maxPixels;
    private final boolean applyExif;

    /**
     * @param maxPixels a picture with more pixels is refused, from its header, before memory is taken for it
     * @param applyExif whether a picture is turned as its EXIF orientation says; the reference does not
     */
    public ImageDecoder(long maxPixels, boolean applyExif) {
        if (maxPixels < 1) throw new IllegalArgumentException("most pixels of a picture: " + maxPixels);
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
     * @param heap a picture that needs more to be decoded is refused, from its header; its file counts
     */
    public RgbImage decode(Path file, HeapLimit heap) {
        return decode(readAll(file), file.toString(), heap);
    }

    /**
     * Decodes the bytes of a picture file.
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
     * @param heap a picture that needs more to be decoded is refused, from its header; its file counts
     */
    public RgbImage decode(byte[] file, String name, HeapLimit heap) {
        ImageBytes picture = new ImageBytes(name, file, maxPixels, heap);
        if (file.length == 0) throw picture.error("is empty");
        ImageFormat format = ImageFormat.of(picture);
        if (format == ImageFormat.UNKNOWN) throw picture.error("is not a picture: " + ImageFormat.SUPPORTED + " supported");
        if (!format.supported()) {
            throw picture.error(format.title() + " is not supported; " + ImageFormat.SUPPORTED);
        }
        try {
            return switch (format) {
                case PNG -> new PngDecoder(picture, applyExif).decode();
                case JPEG -> new JpegDecoder(picture, applyExif).decode();
                case GIF -> new GifDecoder(picture).decode();
                case WEBP -> new WebpDecoder(picture, applyExif).decode();
                default -> new BmpDecoder(picture).decode();
            };
        } catch (OutOfMemoryError e) {
            throw new ImageException(name, "does not fit in the memory of the Java machine (-Xmx)", e);
        }
    }

    /**
     * The pixels of a picture in memory, equal to those of the file it was read from wherever ImageIO keeps them.
     *
     * @param image not changed
     * @param name what messages call it
     * @param heap a picture whose copy needs more is refused
     */
    public RgbImage convert(BufferedImage image, String name, HeapLimit heap) {
        ImageBytes picture = new ImageBytes(name, new byte[0], maxPixels, heap);
        picture.requireSize(image.getWidth(), image.getHeight());
        picture.requireHeap(3L * image.getWidth() * image.getHeight());
        try {
            return new BufferedImageConverter(image).toRgb();
        } catch (OutOfMemoryError e) {
            throw new ImageException(name, "does not fit in the memory of the Java machine (-Xmx)", e);
        }
    }

    private static byte[] readAll(Path file) {
        String name = file.toString();
        try {
            if (Files.isDirectory(file)) throw new ImageException(name, "is a folder, not a picture");
            if (!Files.exists(file)) throw new ImageException(name, "does not exist");
            if (!Files.isRegularFile(file)) throw new ImageException(name, "is not a regular file");
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1); // the size is not asked for: the file may be growing
                if (bytes.length > MAX_FILE_BYTES) {
                    throw new ImageException(name, "is too large: the limit is %d bytes".formatted(MAX_FILE_BYTES));
                }
                return bytes;
            }
        } catch (NoSuchFileException e) {
            throw new ImageException(name, "does not exist", e);
        } catch (AccessDeniedException e) {
            throw new ImageException(name, "cannot be read: permission denied", e);
        } catch (IOException e) {
            throw new ImageException(name, "cannot be read: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new ImageException(name, "does not fit in the memory of the Java machine (-Xmx)", e);
        }
    }
}
