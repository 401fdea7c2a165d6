package dev.mme5.tokenizer;

import java.util.Objects;

/**
 * What became of a text under a limit.
 *
 * @param ids the first ids of the full encoding, those of the post-processor counted; the array is the caller's
 * @param total how many ids the full encoding has
 */
public record Encoding(int[] ids, int total) {
    /** @throws IllegalArgumentException when there are more ids than {@code total} */
    public Encoding {
        Objects.requireNonNull(ids);
        if (ids.length > total) throw new IllegalArgumentException(ids.length + " ids of a total of " + total);
    }

    /** Whether ids were left out. */
    public boolean truncated() {
        return ids.length < total;
    }
}
