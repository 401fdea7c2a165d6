package dev.mme5.tokenizer;

import java.util.Objects;

/**
 * The ids of a text, cut to a maximum.
 *
 * @param ids the ids, without those that were cut off the end of the text; the caller owns the array
 * @param total number of ids of the full encoding
 */
public record Encoding(int[] ids, int total) {
    /** @throws IllegalArgumentException if there are more ids than {@code total} */
    public Encoding {
        Objects.requireNonNull(ids);
        if (ids.length > total) throw new IllegalArgumentException(ids.length + " ids of a total of " + total);
    }

    /** Whether ids were cut off. */
    public boolean truncated() {
        return ids.length < total;
    }
}
