package dev.mme5.cli.context;

import dev.mme5.engine.InputException.Reason;

/** What the command adds to the library's reasons for refusing an input, which name no option. */
public final class InputAdvice {
    private static final String IMAGE_TOKEN = "<|image|>";
    private static final String PLAIN = "; --no-special takes special tokens in a text as text";

    private InputAdvice() {}

    /**
     * The option that helps, as the end of a message; empty if none does.
     *
     * @param reason may be null
     * @param text what was refused, or the message that quotes it
     */
    public static String of(Reason reason, String text) {
        return reason == Reason.BAD_PROMPT && text.contains(IMAGE_TOKEN) ? PLAIN : "";
    }
}
