package dev.mme5.engine.runtime;

import dev.mme5.engine.image.ImageDecoder;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import java.util.List;

/**
 * One input to be embedded.
 *
 * @param prompt with a placeholder for each image
 * @param images in the order of the placeholders
 * @param maxTokens where to cut off, or 0 for the model's limit
 * @param isPlain whether what looks like a special token in the text is text
 */
public record ModelInput(String prompt, List<Image> images, int maxTokens, boolean isPlain) {
    public ModelInput {
        images = List.copyOf(images);
    }

    /** An input in whose prompt special tokens are recognised. */
    public ModelInput(String prompt, List<Image> images, int maxTokens) {
        this(prompt, images, maxTokens, false);
    }

    /** Bytes of heap that the caller holds for its images. */
    long callerBytes() {
        long bytes = 0;
        for (Image image : images) bytes += image.callerBytes();
        return bytes;
    }

    /**
     * An image that is not decoded yet.
     *
     * @param name what messages call it
     * @param callerBytes heap that the caller holds for it during the call
     */
    public record Image(String name, Pixels pixels, long callerBytes) {
        /** An image that takes no heap before it is decoded. */
        public Image(String name, Pixels pixels) {
            this(name, pixels, 0);
        }
    }

    /** Decodes an image. */
    @FunctionalInterface
    public interface Pixels {
        /** @throws dev.mme5.engine.image.raster.ImageException when the image cannot be used */
        RgbImage decode(ImageDecoder decoder, HeapLimit heap);
    }
}
