package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import java.util.Arrays;

/**
 * Which pictures each token of a text sees (reference section 7.1): from a picture's token up to the next one's; pictures whose
 * tokens stand next to each other are seen together. Tokens before the first picture see none.
 *
 * @param first the first picture seen, by token; -1 for none
 * @param last the last picture seen, by token
 */
record ImageVisibility(int[] first, int[] last) {
    static ImageVisibility of(int[] ids, int imageId) {
        int[] first = new int[ids.length];
        int[] last = new int[ids.length];
        int group = -1;
        int pictures = 0;
        for (int token = 0; token < ids.length; token++) {
            if (ids[token] == imageId) {
                boolean joins = token > 0 && ids[token - 1] == imageId;
                if (!joins) group = pictures;
                pictures++;
            }
            first[token] = group;
            last[token] = pictures - 1;
        }
        return new ImageVisibility(first, last);
    }

    /** The last token alone. */
    ImageVisibility lastToken() {
        int token = first.length - 1;
        return new ImageVisibility(new int[] {first[token]}, new int[] {last[token]});
    }

    /** The first token that sees a picture; the number of tokens if there is none. */
    int firstSeeing() {
        for (int token = 0; token < first.length; token++) {
            if (first[token] >= 0) return token;
        }
        return first.length;
    }

    /** A token that sees no picture attends to everything, absent tiles included (reference section 7.2). */
    AttentionMask mask(VisionStates image) {
        int[] starts = new int[first.length];
        int[] ends = new int[first.length];
        Arrays.fill(ends, image.rows());
        for (int token = firstSeeing(); token < first.length; token++) {
            starts[token] = image.start(first[token]);
            ends[token] = image.start(last[token] + 1);
        }
        return new AttentionMask.KeyRanges(starts, ends, image.multiplicities());
    }
}
