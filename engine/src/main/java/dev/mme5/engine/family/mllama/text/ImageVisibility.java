package dev.mme5.engine.family.mllama.text;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.nn.TokenTree;
import java.util.Arrays;

/**
 * Which images each token of a sequence, or of a tree of sequences about the same images, sees (reference section 7.1): from an image's
 * token up to the next one's; adjacent image tokens are seen together. Tokens before the first image token see none.
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

    /** Of the rows of a tree. */
    static ImageVisibility of(TokenTree tree, int[][] ids, int imageTokenId) {
        ImageVisibility rows = new ImageVisibility(new int[tree.rows()], new int[tree.rows()]);
        for (TokenTree.Segment s : tree.segments()) {
            ImageVisibility sequence = of(ids[s.sequence()], imageTokenId);
            System.arraycopy(sequence.first, s.position(), rows.first, s.from(), s.length());
            System.arraycopy(sequence.last, s.position(), rows.last, s.from(), s.length());
        }
        return rows;
    }

    /** Of some of these tokens. */
    ImageVisibility tokens(int[] tokens) {
        return new ImageVisibility(
                Arrays.stream(tokens).map(token -> first[token]).toArray(),
                Arrays.stream(tokens).map(token -> last[token]).toArray());
    }

    /** The first token from this one on that sees an image; one past the last token if none does. */
    int nextSeeing(int token) {
        int next = token;
        while (next < first.length && first[next] < 0) next++;
        return next;
    }

    /** The first token from this one on that sees no image; one past the last token if none does. */
    int nextBlind(int token) {
        int next = token;
        while (next < first.length && first[next] >= 0) next++;
        return next;
    }

    /** A token that sees no image attends to everything, absent tiles included (reference section 7.2). */
    AttentionMask mask(VisionStates images) {
        int[] starts = new int[first.length];
        int[] ends = new int[first.length];
        for (int token = 0; token < first.length; token++) {
            boolean sees = first[token] >= 0;
            starts[token] = sees ? images.start(first[token]) : 0;
            ends[token] = sees ? images.start(last[token] + 1) : images.rows();
        }
        return new AttentionMask.KeyRanges(starts, ends, images.multiplicities());
    }
}
