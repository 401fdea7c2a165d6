package dev.mme5.engine.runtime;

import dev.mme5.engine.family.PreparedImage;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An input as the model takes it.
 *
 * @param ids token ids, at least one
 * @param truncated whether tokens were cut off
 * @param images in the order of the prompt
 * @param contents the images' content keys
 */
record PreparedInput(int[] ids, boolean truncated, List<PreparedImage> images, List<ByteBuffer> contents) {
    static PreparedInput of(int[] ids, boolean truncated, List<PreparedImage> images) {
        return new PreparedInput(ids, truncated, List.copyOf(images), images.stream().map(PreparedImage::contentKey).toList());
    }

    /** This input with the images of another one that has the same contents, so that they are held once. */
    PreparedInput sharing(PreparedInput other) {
        return new PreparedInput(ids, truncated, other.images, other.contents);
    }
}
