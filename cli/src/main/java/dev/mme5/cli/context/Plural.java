package dev.mme5.cli.context;

import java.util.Locale;

/** Counts with their nouns. */
public final class Plural {
    private Plural() {}

    /** {@code 1 input}, {@code 2 inputs} or {@code 1,234 inputs}. The plural must end in s. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** {@code 1 query} or {@code 2 queries}. */
    public static String of(long count, String noun, String plural) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? noun : plural);
    }
}
