package dev.mme5.engine;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;

/** Where the pixels of an input come from. Nothing is read before the input is embedded. */
public sealed interface ImageSource {
    /** A PNG, JPEG, GIF or BMP file. */
    record File(Path path) implements ImageSource {
        public File {
            Objects.requireNonNull(path, "path");
        }
    }

    /**
     * The bytes of such a file. Equal only to those in the same array.
     *
     * @param bytes the file's content; not copied, so it must not change before the call that embeds it returns
     * @param name what errors call the image
     */
    record Bytes(byte[] bytes, String name) implements ImageSource {
        public Bytes {
            Objects.requireNonNull(bytes, "bytes");
            Objects.requireNonNull(name, "name");
        }
    }

    /** A decoded image of any type. */
    record Decoded(BufferedImage image) implements ImageSource {
        public Decoded {
            Objects.requireNonNull(image, "image");
        }
    }

    static ImageSource of(Path path) {
        return new File(path);
    }

    static ImageSource of(byte[] bytes) {
        return new Bytes(bytes, "image");
    }

    static ImageSource of(BufferedImage image) {
        return new Decoded(image);
    }
}
