package dev.mme5.json;

/**
 * Reads large objects and arrays straight from the bytes of a file, without a tree of values. In the tree, an object or array
 * that was read this way is empty.
 */
@FunctionalInterface
public interface RawMemberReader {
    /** Reads nothing: everything becomes part of the tree. */
    RawMemberReader NONE = (location, utf8, from, to) -> -1;

    /** Maximum depth of a member: 1 is a member of the root object, 2 a member of such a member. */
    int MAX_DEPTH = 2;

    /** Maximum length of the names on the way to a member, in characters. */
    int MAX_NAME_LENGTH = 100;

    /**
     * Called for every object and array at depth 1 or 2 that is the member of an object. Not called if a name on the way is
     * longer than {@link #MAX_NAME_LENGTH} or contains a dot, so that a location is unambiguous.
     *
     * @param location path of the member, for example {@code model.vocab}
     * @param utf8 the file: well-formed UTF-8 up to {@code to}, otherwise unchecked
     * @param from index of the opening bracket
     * @param to end of the file's bytes
     * @return index after the closing bracket if everything in between was read and is valid JSON; -1 to make it part of the tree
     */
    int read(String location, byte[] utf8, int from, int to);
}
