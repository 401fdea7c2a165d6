package dev.mme5.json;

/**
 * Takes containers that are too large for a tree straight from the bytes of a file. The container is in the tree even so, but empty.
 */
@FunctionalInterface
public interface RawMemberReader {
    /** Takes nothing. */
    RawMemberReader NONE = (place, utf8, from, to) -> -1;

    /** How many members deep what is offered may stand. */
    int DEPTH = 2;

    /** Characters of the longest name that is offered, or has something that is. */
    int NAME = 100;

    /**
     * Offered is every container that is a member of the outermost object or of one of its members, unless a name is very long or has a
     * dot in it, so that a place means one thing.
     *
     * @param place where it stands, for example {@code model.vocab}
     * @param utf8 well-formed, up to {@code to}; not more is known of it
     * @param from index of the opening bracket
     * @return index behind the closing bracket, with all between found to be JSON; or -1 to have it read like any other
     */
    int read(String place, byte[] utf8, int from, int to);
}
