package dev.mme5.tokenizer;

import java.util.Objects;
import java.util.Optional;

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

    /**
     * Why the ids are of no use to a model: a text was cut so short that special tokens are lost or nothing else is left. Empty if not.
     *
     * @param limit to which they were cut
     * @param leastTokens {@link Tokenizer#leastTokens}
     */
    public Optional<String> shortage(int limit, int leastTokens) {
        if (!truncated() || limit >= leastTokens) return Optional.empty();
        return Optional.of("the limit is %d, expected at least %d tokens: it leaves no room for text beside the special tokens"
                .formatted(limit, leastTokens));
    }
}
