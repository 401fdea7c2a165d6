package dev.mme5.engine.runtime.pass;

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
public record PreparedInput(int[] ids, boolean truncated, List<PreparedImage> images, List<ByteBuffer> contents) {
    public static PreparedInput of(int[] ids, boolean truncated, List<PreparedImage> images) {
        if (images.isEmpty()) return new PreparedInput(ids, truncated, List.of(), List.of());
        return new PreparedInput(ids, truncated, List.copyOf(images), images.stream().map(PreparedImage::contentKey).toList());
    }

    /** Whether both can go through the model in one pass: texts, or prompts about the same images. */
    boolean canShareAPassWith(PreparedInput other) {
        return contents.equals(other.contents);
    }

    /** This input with the images of another one that has the same contents, so that they are held once. */
    public PreparedInput sharing(PreparedInput other) {
        return new PreparedInput(ids, truncated, other.images, other.contents);
    }

    /** Bytes of heap that its images take. */
    public long bytes() {
        long bytes = 0;
        for (PreparedImage image : images) bytes += image.bytes();
        return bytes;
    }
}
