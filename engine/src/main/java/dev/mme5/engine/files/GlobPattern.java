package dev.mme5.engine.files;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern of file names or paths. {@code *} stands for any characters but /, {@code **} for any characters, {@code ?} for one,
 * {@code [a-c]} for one of some, {@code [!a-c]} for one of all others, <code>{a,b}</code> for a or b. A backslash takes the meaning from
 * the character after it. A bracket or brace without its end stands for itself.
 *
 * <p>Every part of the pattern reads the name once, for all offsets at which it may begin. A regular expression would try all ways to
 * share the name among a few {@code *}, and a name may be made to take that long.
 */
public final class GlobPattern {
    private final String glob;
    private final boolean ignoresCase;
    private final List<Part> parts;
    private int next;

    /** A piece of the pattern. */
    private interface Part {
        /**
         * @param starts indices of the text where the piece may begin; not changed
         * @return the indices after it
         */
        BitSet ends(String text, BitSet starts);
    }

    /** A set of characters; a slash is in none. */
    private interface Characters {
        boolean contain(int codePoint);
    }

    private GlobPattern(String glob, boolean ignoresCase) {
        this.glob = glob;
        this.ignoresCase = ignoresCase;
        this.parts = parse(glob.length());
    }

    /** @param ignoresCase whether a letter matches its upper and lower case */
    public static GlobPattern compile(String glob, boolean ignoresCase) {
        return new GlobPattern(glob, ignoresCase);
    }

    /** @param text the whole name, or the path with / as separator */
    public boolean matches(String text) {
        BitSet start = new BitSet();
        start.set(0);
        return ends(parts, text, start).get(text.length());
    }

    private static BitSet ends(List<Part> parts, String text, BitSet starts) {
        BitSet ends = starts;
        for (int i = 0; i < parts.size() && !ends.isEmpty(); i++) ends = parts.get(i).ends(text, ends);
        return ends;
    }

    private List<Part> parse(int end) {
        List<Part> sequence = new ArrayList<>();
        while (next < end) sequence.add(part(end));
        return sequence;
    }

    private Part part(int end) {
        char c = glob.charAt(next);
        if (glob.startsWith("**/", next)) return skip(3, GlobPattern::anyFolders);
        if (glob.startsWith("**", next)) return skip(2, (text, starts) -> run(text, starts, true));
        if (c == '*') return skip(1, (text, starts) -> run(text, starts, false));
        if (c == '?') return skip(1, one(any -> any != '/'));
        if (c == '[' && endOfSet(end) > 0) return set(endOfSet(end));
        if (c == '{' && endOfBraces() > 0) return braces(endOfBraces());
        if (c == '\\' && next + 1 < end) next++;
        int literal = folded(glob.codePointAt(next));
        return skip(Character.charCount(glob.codePointAt(next)), one(found -> folded(found) == literal));
    }

    private Part skip(int length, Part part) {
        next += length;
        return part;
    }

    private int folded(int codePoint) {
        return ignoresCase ? Character.toLowerCase(Character.toUpperCase(codePoint)) : codePoint;
    }

    private static Part one(Characters expected) {
        return (text, starts) -> {
            BitSet ends = new BitSet();
            for (int i = starts.nextSetBit(0); i >= 0 && i < text.length(); i = starts.nextSetBit(i + 1)) {
                int codePoint = text.codePointAt(i);
                if (expected.contain(codePoint)) ends.set(i + Character.charCount(codePoint));
            }
            return ends;
        };
    }

    /** Any characters, with or without slashes. */
    private static BitSet run(String text, BitSet starts, boolean withSlashes) {
        BitSet ends = new BitSet();
        boolean runs = false;
        for (int i = starts.nextSetBit(0); i <= text.length(); i++) {
            runs = starts.get(i) || runs && (withSlashes || text.charAt(i - 1) != '/');
            boolean isInPair = i > 0 && i < text.length() && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
            if (runs && !isInPair) ends.set(i);
        }
        return ends;
    }

    /** No characters, or any that end with a slash. */
    private static BitSet anyFolders(String text, BitSet starts) {
        BitSet ends = (BitSet) starts.clone();
        for (int i = text.indexOf('/', starts.nextSetBit(0)); i >= 0; i = text.indexOf('/', i + 1)) ends.set(i + 1);
        return ends;
    }

    /** Index of the bracket that ends a set before {@code end}, or -1. One that comes first is a member. */
    private int endOfSet(int end) {
        int first = next + 1;
        if (first < end && "!^".indexOf(glob.charAt(first)) >= 0) first++;
        int bracket = glob.indexOf(']', first + 1);
        return bracket < end ? bracket : -1;
    }

    private Part set(int end) {
        next++;
        boolean isNegated = "!^".indexOf(glob.charAt(next)) >= 0;
        if (isNegated) next++;
        BitSet members = new BitSet();
        while (next < end) {
            int low = glob.codePointAt(next);
            next += Character.charCount(low);
            boolean isRange = next + 1 < end && glob.charAt(next) == '-' && glob.codePointAt(next + 1) >= low;
            int high = isRange ? glob.codePointAt(next + 1) : low;
            if (isRange) next += 1 + Character.charCount(high);
            members.set(low, high + 1);
        }
        return skip(1, one(found -> found != '/' && isMember(found, members) != isNegated));
    }

    private boolean isMember(int codePoint, BitSet members) {
        return members.get(codePoint) || ignoresCase
                && (members.get(Character.toUpperCase(codePoint)) || members.get(Character.toLowerCase(Character.toUpperCase(codePoint))));
    }

    /** Index of the brace that ends the one here, or -1. */
    private int endOfBraces() {
        int depth = 0;
        for (int i = next; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '\\') i++;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }
        return -1;
    }

    private Part braces(int end) {
        next++;
        List<List<Part>> alternatives = new ArrayList<>();
        List<Part> alternative = new ArrayList<>();
        while (next < end) {
            if (glob.charAt(next) == ',') {
                next++;
                alternatives.add(alternative);
                alternative = new ArrayList<>();
            } else {
                alternative.add(part(end));
            }
        }
        alternatives.add(alternative);
        return skip(1, (text, starts) -> {
            BitSet ends = new BitSet();
            for (List<Part> each : alternatives) ends.or(ends(each, text, starts));
            return ends;
        });
    }
}
