package dev.mme5.spark;

import dev.mme5.engine.ImageSource;
import dev.mme5.engine.InputException;
import dev.mme5.engine.InputException.Reason;
import java.awt.image.BufferedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;

/** Values of an image column: the bytes of a file, its path on any file system that Spark reads, or Spark's image struct. */
final class ImageValues {
    private static final long MAX_FILE = 512L << 20;

    private final Configuration hadoop;

    ImageValues(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** @throws InputException when it is no image, or its file cannot be read */
    ImageSource source(Object value) {
        return switch (value) {
            case byte[] bytes -> ImageSource.of(bytes);
            case String path -> new ImageSource.Bytes(read(path), path);
            case Row image -> ImageSource.of(decoded(image));
            default -> throw new IllegalArgumentException("an image column has a " + value.getClass().getName());
        };
    }

    private byte[] read(String name) {
        try {
            Path path = new Path(name);
            FileSystem files = path.getFileSystem(hadoop);
            long length = files.getFileStatus(path).getLen();
            if (length > MAX_FILE) throw new InputException(Reason.TOO_LARGE, name + ": a file of " + length + " bytes");
            try (InputStream in = files.open(path)) {
                return in.readAllBytes();
            }
        } catch (FileNotFoundException e) {
            throw new InputException(Reason.NOT_FOUND, name + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(Reason.UNREADABLE, name + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new InputException(Reason.NOT_FOUND, "\"" + name + "\" is no path: " + e.getMessage(), e);
        }
    }

    /** Spark's rows of pixels are gray, BGR or BGRA bytes, top row first. */
    private static BufferedImage decoded(Row image) {
        int width = ImageSchema.getWidth(image);
        int height = ImageSchema.getHeight(image);
        int channels = ImageSchema.getNChannels(image);
        byte[] data = ImageSchema.getData(image);
        String name = ImageSchema.getOrigin(image);
        boolean hasPixels = width > 0 && height > 0 && (channels == 1 || channels == 3 || channels == 4);
        if (!hasPixels || data.length != (long) width * height * channels) {
            throw new InputException(Reason.DAMAGED, "%s: Spark's image of %d x %d pixels and %d channels has %d bytes"
                    .formatted(name, width, height, channels, data.length));
        }
        boolean hasAlpha = channels == 4;
        BufferedImage pixels = new BufferedImage(width, height, hasAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0, at = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += channels) {
                int blue = data[at] & 0xFF;
                int green = channels == 1 ? blue : data[at + 1] & 0xFF;
                int red = channels == 1 ? blue : data[at + 2] & 0xFF;
                int alpha = hasAlpha ? data[at + 3] & 0xFF : 0xFF;
                row[x] = alpha << 24 | red << 16 | green << 8 | blue;
            }
            pixels.setRGB(0, y, width, 1, row, 0, width);
        }
        return pixels;
    }
}
