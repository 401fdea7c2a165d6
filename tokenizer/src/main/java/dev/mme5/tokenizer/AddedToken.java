package dev.mme5.tokenizer;

/**
 * An entry of {@code added_tokens}: a string that is always one token, wherever it occurs in a text.
 *
 * @param id its id
 * @param content the string, compared literally and case-sensitively
 * @param singleWord whether it counts only if no word character touches it
 * @param stripLeft whether it includes the white space in front of it
 * @param stripRight whether it includes the white space after it
 * @param normalized whether it is searched for in normalised text, and so only between the tokens that are not
 * @param special whether {@link Tokenizer#decode(int[], boolean)} can leave it out
 */
public record AddedToken(int id, String content, boolean singleWord, boolean stripLeft, boolean stripRight, boolean normalized,
        boolean special) {
    /** @throws IllegalArgumentException if the id is negative or the content is empty */
    public AddedToken {
        if (id < 0) throw new IllegalArgumentException("id " + id + " is negative");
        if (content.isEmpty()) throw new IllegalArgumentException("content is empty");
    }

    /** The same token with another id. */
    AddedToken withId(int other) {
        return new AddedToken(other, content, singleWord, stripLeft, stripRight, normalized, special);
    }

    /** The same token, special. */
    AddedToken asSpecial() {
        return new AddedToken(id, content, singleWord, stripLeft, stripRight, normalized, true);
    }
}
