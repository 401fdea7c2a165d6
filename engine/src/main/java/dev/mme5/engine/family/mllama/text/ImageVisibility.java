package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import java.util.Arrays;

/**
 * Which images each token of a sequence sees (reference section 7.1): from an image's token up to the next one's; adjacent
 * image tokens are seen together. Tokens before the first image token see none.
 *
 * @param first the first image seen, by token; -1 for none
 * @param last the last image seen, by token
 */
record ImageVisibility(int[] first, int[] last) {
    static ImageVisibility of(int[] ids, int imageTokenId) {
        int[] first = new int[ids.length];
        int[] last = new int[ids.length];
        int group = -1;
        int images = 0;
        for (int token = 0; token < ids.length; token++) {
            if (ids[token] == imageTokenId) {
                boolean joins = token > 0 && ids[token - 1] == imageTokenId;
                if (!joins) group = images;
                images++;
            }
            first[token] = group;
            last[token] = images - 1;
        }
        return new ImageVisibility(first, last);
    }

    /** The last token alone. */
    ImageVisibility lastToken() {
        int token = first.length - 1;
        return new ImageVisibility(new int[] {first[token]}, new int[] {last[token]});
    }

    /** Number of tokens before the first image token; all tokens if there is none. */
    int tokensBeforeImage() {
        for (int token = 0; token < first.length; token++) {
            if (first[token] >= 0) return token;
        }
        return first.length;
    }

    /** A token that sees no image attends to everything, absent tiles included (reference section 7.2). */
    AttentionMask mask(VisionStates images) {
        int[] starts = new int[first.length];
        int[] ends = new int[first.length];
        Arrays.fill(ends, images.rows());
        for (int token = tokensBeforeImage(); token < first.length; token++) {
            starts[token] = images.start(first[token]);
            ends[token] = images.start(last[token] + 1);
        }
        return new AttentionMask.KeyRanges(starts, ends, images.multiplicities());
    }
}
