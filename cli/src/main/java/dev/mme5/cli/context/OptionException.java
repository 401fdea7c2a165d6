package dev.mme5.cli.context;

/**
 * An option has a wrong value, or options do not go together. The message is one line, and a hint at the command's help is printed
 * after it.
 */
public final class OptionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OptionException(String message) {
        super(message);
    }

    /** Refuses a number below the minimum. */
    public static void requireAtLeast(long min, String option, long value) {
        if (value < min) throw new OptionException("%s is %d, expected at least %d".formatted(option, value, min));
    }
}
