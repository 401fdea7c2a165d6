package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.nn.PackedSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sequences packed into one matrix, and which image keys their tokens see. All sequences are about the same images.
 *
 * @param sequences where each sequence lies
 * @param visibility which images its tokens see, by sequence; empty without images
 * @param masks the same as ranges of image keys, by sequence; empty without images
 */
record PackedBatch(PackedSequences sequences, List<ImageVisibility> visibility, List<AttentionMask> masks) {
    /** @param images the images' states as one, or none */
    static PackedBatch of(int[][] ids, int imageTokenId, Optional<VisionStates> images) {
        List<ImageVisibility> visibility = new ArrayList<>();
        if (images.isPresent()) {
            for (int[] sequence : ids) visibility.add(ImageVisibility.of(sequence, imageTokenId));
        }
        return of(PackedSequences.of(ids), visibility, images);
    }

    /** The last token of every sequence alone, as sequences of one token. */
    PackedBatch lastTokens(Optional<VisionStates> images) {
        int[][] single = new int[sequences.count()][1];
        return of(PackedSequences.of(single), visibility.stream().map(ImageVisibility::lastToken).toList(), images);
    }

    private static PackedBatch of(PackedSequences sequences, List<ImageVisibility> visibility, Optional<VisionStates> images) {
        List<AttentionMask> masks = visibility.stream().map(v -> v.mask(images.orElseThrow())).toList();
        return new PackedBatch(sequences, visibility, masks);
    }
}
