package dev.mme5.engine.family;

import java.util.List;

/**
 * Inputs that go through a model in one pass: all without images, or all about the same ones.
 *
 * @param ids token ids of each sequence; none is empty
 * @param images the state of each image, in the order of the placeholders of every sequence; empty for texts alone
 */
public record SequenceBatch(int[][] ids, List<ImageState> images) {
    public SequenceBatch {
        images = List.copyOf(images);
    }
}
