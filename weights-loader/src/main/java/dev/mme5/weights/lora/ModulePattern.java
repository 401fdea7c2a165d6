package dev.mme5.weights.lora;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A key of {@code rank_pattern} or {@code alpha_pattern}: a regular expression of module names. It comes with the model, so how long it may
 * be and how long matching may take is limited: a pattern of a few characters can take longer than anyone lives.
 *
 * @param patterns the object that it is a key of, for messages
 * @param key as it stands in the file
 * @param compiled the expression that peft makes of it: the whole name, or what follows a dot in it
 * @param reads characters that all patterns of the adapter have read so far
 */
record ModulePattern(JsonObject patterns, String key, Pattern compiled, AtomicInteger reads) {
    private static final int MAX_LENGTH = 200;

    /** Because each repetition of a group is a call inside the last one, the name could be too long for the stack. */
    private static final Pattern REPEATED_GROUP = Pattern.compile(".*\\)[*+{].*", Pattern.DOTALL);

    /** Of all patterns of an adapter. A pattern of names reads each character of a name a few times. */
    private static final int MAX_READS = 100_000_000;

    static ModulePattern of(JsonObject patterns, String key, AtomicInteger reads) {
        if (key.length() > MAX_LENGTH || REPEATED_GROUP.matcher(key).matches()) {
            throw patterns.error(key, "expected a pattern of at most " + MAX_LENGTH + " characters without repeated groups");
        }
        try {
            return new ModulePattern(patterns, key, Pattern.compile("(.*\\.)?(" + key + ")$"), reads);
        } catch (PatternSyntaxException e) {
            throw patterns.error(key, "expected a regular expression, found " + e.getDescription());
        }
    }

    /** @throws ModelFormatException if that takes too long to find out */
    boolean matches(String module) {
        try {
            return compiled.matcher(new Metered(module)).lookingAt();
        } catch (StackOverflowError e) { // a repeated group that is written in another way
            throw tooHard();
        }
    }

    private ModelFormatException tooHard() {
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
            if (reads.incrementAndGet() > MAX_READS) throw tooHard();
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
