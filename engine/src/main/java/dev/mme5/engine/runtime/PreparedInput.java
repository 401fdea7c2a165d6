package dev.mme5.engine.runtime;

import dev.mme5.engine.family.mllama.tiling.TiledImage;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An input as the model takes it.
 *
 * @param ids token ids, at least one
 * @param truncated whether tokens were cut off
 * @param images its pictures on their canvases
 * @param contents what {@code TiledImage.contentKey} says of each
 */
public record PreparedInput(int[] ids, boolean truncated, List<TiledImage> images, List<ByteBuffer> contents) {
    static PreparedInput of(int[] ids, boolean truncated, List<TiledImage> images) {
        List<ByteBuffer> contents =
                images.stream().map(image -> ByteBuffer.wrap(image.contentKey())).toList();
        return new PreparedInput(ids, truncated, images, contents);
    }

    /** This input with the canvases of another one that has the same contents, so that they are held once. */
    PreparedInput sharing(PreparedInput other) {
        return new PreparedInput(ids, truncated, other.images, other.contents);
    }
}
