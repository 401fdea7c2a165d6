package dev.mme5.tokenizer;

import java.util.Objects;

/**
 * All ids of a text and of what stands around it.
 *
 * @param ids the ids; the caller owns the array
 * @param from index of the first id of the text itself
 * @param to index behind its last one
 */
public record EncodedText(int[] ids, int from, int to) {
    public EncodedText {
        Objects.requireNonNull(ids);
        Objects.checkFromToIndex(from, to, ids.length);
    }
}
