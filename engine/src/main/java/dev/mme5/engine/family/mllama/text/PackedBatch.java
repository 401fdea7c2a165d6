package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.nn.PackedSequences;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Texts packed into one matrix, and what their tokens see of the pictures that they all are about.
 *
 * @param sequences where each text stands
 * @param sights which pictures its tokens see; empty without pictures
 * @param masks the same as runs of image tokens; empty without pictures
 */
record PackedBatch(PackedSequences sequences, List<ImageVisibility> sights, List<AttentionMask> masks) {
    /** @param image the pictures' states, or none */
    static PackedBatch of(int[][] ids, int imageId, Optional<VisionStates> image) {
        List<ImageVisibility> sights = new ArrayList<>();
        if (image.isPresent()) {
            for (int[] text : ids) sights.add(ImageVisibility.of(text, imageId));
        }
        return of(PackedSequences.of(ids), sights, image);
    }

    /** The last token of every text alone, as texts of one token. */
    PackedBatch lastTokens(Optional<VisionStates> image) {
        int[][] single = new int[sequences.count()][1];
        return of(PackedSequences.of(single), sights.stream().map(ImageVisibility::lastToken).toList(), image);
    }

    private static PackedBatch of(PackedSequences sequences, List<ImageVisibility> sights, Optional<VisionStates> image) {
        List<AttentionMask> masks = sights.stream().map(sight -> sight.mask(image.orElseThrow())).toList();
        return new PackedBatch(sequences, sights, masks);
    }
}
