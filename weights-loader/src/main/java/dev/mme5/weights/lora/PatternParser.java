package dev.mme5.weights.lora;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Reads the regular expressions that {@link ModulePattern} lists, with the meaning that they have in Python. */
final class PatternParser {
    private static final int MAX_DEPTH = 50;
    private static final int END = -1;
    private static final IntPredicate DIGIT = Character::isDigit;
    private static final IntPredicate WORD = c -> Character.isLetterOrDigit(c) || c == '_';

    private final JsonObject patterns;
    private final String key;
    private final int[] regex;
    private int next;

    /** @param patterns the object that it is a key of, for messages */
    PatternParser(JsonObject patterns, String key) {
        this.patterns = patterns;
        this.key = key;
        this.regex = key.codePoints().toArray();
    }

    /** @throws ModelFormatException if there is anything else in it */
    PatternNode parse() {
        PatternNode all = choice(0);
        if (next < regex.length) throw unexpected(next);
        return all;
    }

    private PatternNode choice(int depth) {
        if (depth > MAX_DEPTH) throw patterns.error(key, "expected at most " + MAX_DEPTH + " groups inside each other, found more");
        List<PatternNode> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence(depth));
        } while (skip('|'));
        return new PatternNode.Choice(alternatives);
    }

    private PatternNode sequence(int depth) {
        List<PatternNode> parts = new ArrayList<>();
        while (peek() != END && peek() != '|' && peek() != ')') {
            boolean canRepeat = peek() != '^' && peek() != '$';
            PatternNode part = part(depth);
            int at = next;
            PatternNode repeated = repeated(part);
            if (repeated != part && !canRepeat) throw unexpected(at);
            parts.add(repeated);
        }
        return new PatternNode.Sequence(parts);
    }

    private PatternNode part(int depth) {
        int at = next;
        int c = regex[next++];
        return switch (c) {
            case '.' -> new PatternNode.One(any -> any != '\n', 1);
            case '^' -> PatternNode.Edge.START;
            case '$' -> PatternNode.Edge.END;
            case '[' -> set();
            case '\\' -> new PatternNode.One(escaped(at), 1);
            case '(' -> {
                if (skip('?') && !skip(':')) throw unexpected(at);
                PatternNode group = choice(depth + 1);
                if (!skip(')')) throw unexpected(next);
                yield group;
            }
            case '?', '*', '+', '{' -> throw unexpected(at);
            default -> new PatternNode.One(found -> found == c, 1);
        };
    }

    /** With what says how often it comes, if anything does. Whether more or fewer are tried first makes no difference. */
    private PatternNode repeated(PatternNode part) {
        PatternNode repeated;
        if (skip('?')) repeated = new PatternNode.Repeat(part, 0, 1);
        else if (skip('*')) repeated = new PatternNode.Repeat(part, 0, PatternNode.UNBOUNDED);
        else if (skip('+')) repeated = new PatternNode.Repeat(part, 1, PatternNode.UNBOUNDED);
        else if (peek() == '{') repeated = counted(part);
        else return part;
        skip('?');
        if (peek() != END && "?*+{".indexOf(peek()) >= 0) throw unexpected(next);
        return repeated;
    }

    private PatternNode counted(PatternNode part) {
        int at = next++;
        int min = number(0);
        int afterMin = next;
        int max = skip(',') ? number(PatternNode.UNBOUNDED) : min;
        boolean isEmpty = afterMin == at + 1 && next == afterMin;
        if (isEmpty || !skip('}') || max < min) throw unexpected(at);
        return new PatternNode.Repeat(part, min, max);
    }

    private int number(int otherwise) {
        if (!isDigit(peek())) return otherwise;
        long number = 0;
        while (isDigit(peek())) number = Math.min(PatternNode.TOO_MANY, number * 10 + regex[next++] - '0');
        return (int) number;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private PatternNode set() {
        int at = next - 1;
        boolean isNegated = skip('^');
        List<IntPredicate> members = new ArrayList<>();
        do {
            members.add(member(at));
        } while (!skip(']'));
        return new PatternNode.One(c -> members.stream().anyMatch(member -> member.test(c)) != isNegated, members.size());
    }

    /** A character, a range or a kind. A bracket that comes first is a member. */
    private IntPredicate member(int set) {
        int at = next;
        int low = take(set);
        IntPredicate one = low == '\\' ? escaped(at) : c -> c == low;
        boolean isRange = peek() == '-' && next + 1 < regex.length && regex[next + 1] != ']';
        if (!isRange) return one;
        int first = regex[next - 1];
        next++;
        int afterDash = next;
        IntPredicate end = take(set) == '\\' ? escaped(afterDash) : null;
        int last = regex[next - 1];
        if (one == DIGIT || one == WORD || end == DIGIT || end == WORD || last < first) throw unexpected(at);
        return c -> c >= first && c <= last;
    }

    private int take(int set) {
        if (next == regex.length) throw unexpected(set);
        return regex[next++];
    }

    private IntPredicate escaped(int backslash) {
        int c = peek();
        if (c == END) throw unexpected(backslash);
        next++;
        if (c == 'd') return DIGIT;
        if (c == 'w') return WORD;
        if (Character.isLetterOrDigit(c)) throw unexpected(backslash);
        return found -> found == c;
    }

    private int peek() {
        return next < regex.length ? regex[next] : END;
    }

    private boolean skip(int c) {
        boolean found = peek() == c;
        if (found) next++;
        return found;
    }

    private ModelFormatException unexpected(int at) {
        String found = at >= regex.length ? "its end" : new String(regex, at, Math.min(3, regex.length - at));
        return patterns.error(key, "expected a pattern of characters, \\d, \\w, ., [...], (...|...), ^, $, ?, *, + and {m,n}, found "
                + found + " at offset " + at);
    }
}
