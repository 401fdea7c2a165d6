package dev.mme5.weights.lora;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A key of {@code rank_pattern} or {@code alpha_pattern}: a regular expression of module names. It comes with the model, so how long it may
 * be and how long matching may take is limited: a pattern of a few characters can take longer than anyone lives.
 *
 * @param patterns the object that it is a key of, for messages
 * @param key as it stands in the file
 * @param ways in which it may match the same characters, at most
 * @param compiled the expression that peft makes of it: the whole name, or what follows a dot in it
 * @param limit of the characters that all patterns of the adapter read
 */
record ModulePattern(JsonObject patterns, String key, int ways, Pattern compiled, ReadLimit limit) {
    private static final int MAX_LENGTH = 200;

    /** Forty layers with seven modules are 280. */
    private static final int MAX_WAYS = 1 << 16;

    /** Because each repetition of a group is a call inside the last one, the name could be too long for the stack. */
    private static final Pattern REPEATED_GROUP = Pattern.compile(".*\\)[*+{].*", Pattern.DOTALL);

    static ModulePattern of(JsonObject patterns, String key, ReadLimit limit) {
        if (key.length() > MAX_LENGTH || REPEATED_GROUP.matcher(key).matches()) {
            throw patterns.error(key, "expected a pattern of at most " + MAX_LENGTH + " characters without repeated groups");
        }
        long ways = PatternWays.of(key, MAX_WAYS);
        if (ways > MAX_WAYS) throw tooHard(patterns, key);
        try {
            return new ModulePattern(patterns, key, (int) ways, Pattern.compile("(.*\\.)?(" + key + ")$"), limit);
        } catch (PatternSyntaxException e) {
            throw patterns.error(key, "expected a regular expression, found " + e.getDescription());
        }
    }

    /** @throws ModelFormatException if that takes too long to find out */
    boolean matches(String module) {
        long starts = 1 + module.chars().filter(c -> c == '.').count();
        if (!limit.addName(module.length(), ways * starts)) throw tooHard();
        try {
            return compiled.matcher(new Metered(module)).lookingAt();
        } catch (StackOverflowError e) { // a repeated group that is written in another way
            throw tooHard();
        }
    }

    private ModelFormatException tooHard() {
        return tooHard(patterns, key);
    }

    private static ModelFormatException tooHard(JsonObject patterns, String key) {
        return patterns.error(key, "expected a simple pattern, found one that takes too long to match");
    }

    /** A name whose reads are counted. */
    private final class Metered implements CharSequence {
        private final CharSequence name;

        Metered(CharSequence name) {
            this.name = name;
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public char charAt(int index) {
            if (!limit.read()) throw tooHard();
            return name.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Metered(name.subSequence(start, end));
        }

        @Override
        public String toString() {
            return name.toString();
        }
    }
}
