package dev.mme5.engine.text;

import dev.mme5.engine.kernel.AttentionMask;
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
record Prompts(Sequences sequences, List<ImageSight> sights, List<AttentionMask> masks) {
    /** @param image the pictures' states, or none */
    static Prompts of(int[][] ids, int imageId, Optional<ImageStates> image) {
        List<ImageSight> sights = new ArrayList<>();
        if (image.isPresent()) {
            for (int[] text : ids) sights.add(ImageSight.of(text, imageId));
        }
        return of(Sequences.of(ids), sights, image);
    }

    /** The last token of every text alone, as texts of one token. */
    Prompts lastTokens(Optional<ImageStates> image) {
        int[][] single = new int[sequences.count()][1];
        return of(Sequences.of(single), sights.stream().map(ImageSight::lastToken).toList(), image);
    }

    private static Prompts of(Sequences sequences, List<ImageSight> sights, Optional<ImageStates> image) {
        List<AttentionMask> masks = sights.stream().map(sight -> sight.mask(image.orElseThrow())).toList();
        return new Prompts(sequences, sights, masks);
    }
}
