package dev.mme5.weights.lora;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds in how many ways a regular expression can match the same characters: the alternatives of all its groups and its optional parts,
 * multiplied. Because {@code (|)} and {@code ^?} read no character, the number of characters that are read bounds nothing there.
 */
final class PatternWays {
    private PatternWays() {}

    /** @return at least 1, and more than {@code max} if there may be more; a character in quotes or brackets counts like any other */
    static long of(String regex, long max) {
        Deque<Integer> outer = new ArrayDeque<>();   // alternatives of the open groups so far
        int alternatives = 1;
        long ways = 1;
        for (int i = 0; i < regex.length() && ways <= max; i++) {
            switch (regex.charAt(i)) {
                case '\\' -> i++;
                case '|' -> alternatives++;
                case '(' -> {
                    outer.push(alternatives);
                    alternatives = 1;
                    if (regex.startsWith("?", i + 1)) i++;
                }
                case ')' -> {
                    ways *= alternatives;
                    alternatives = outer.isEmpty() ? 1 : outer.pop();
                }
                case '?', '*', '+', '{' -> ways *= 2;
                default -> {}
            }
        }
        return ways * alternatives;
    }
}
