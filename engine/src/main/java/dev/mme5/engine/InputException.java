package dev.mme5.engine;

import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.json.Mme5Exception;
import java.util.Objects;

/**
 * One input cannot be embedded. {@link #reason} says why, the message says it to people in one line, {@link #index} says which input of
 * a call it is. The model stays usable, and the same input fails again.
 */
public final class InputException extends Mme5Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final int index;

    /** What is wrong with an input. More reasons may come with a later release. */
    public enum Reason {
        /** An image file does not exist. */
        NOT_FOUND,
        /** An image file exists but cannot be read: access is denied, it is a folder, reading fails. */
        UNREADABLE,
        /** An image is of a format, or uses a feature of its format, that mme5 does not decode. */
        UNSUPPORTED_FORMAT,
        /** An image contradicts its format or is cut off. */
        DAMAGED,
        /** An image has more pixels than {@link Options#maxPixels}, or an input needs more memory than there is. */
        TOO_LARGE,
        /**
         * A text has more tokens than the limit and {@link Options#refuseTooLong} is set, or the limit leaves no room for text beside the
         * special tokens around it.
         */
        TOO_LONG,
        /** A text has no tokens, and the model adds none. */
        EMPTY,
        /** A prompt does not have as many placeholders as there are images. */
        BAD_PROMPT,
        /** A text is to be taken literally, but its prompt or the model does not allow that ({@link Input#literal}). */
        SPECIAL_TOKEN,
        /** The model does not take inputs of this kind, such as images. */
        NOT_ACCEPTED,
        /** The model computed a value that is no finite number: its weights are damaged or too large for float32. */
        NOT_FINITE
    }

    /**
     * @param reason what is wrong
     * @param message the same for people, in one line
     */
    public InputException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * @param reason what is wrong
     * @param message the same for people, in one line
     * @param cause may be null
     */
    public InputException(Reason reason, String message, Throwable cause) {
        this(reason, message, cause, 0);
    }

    private InputException(Reason reason, String message, Throwable cause, int index) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.index = index;
    }

    /** The public form of a refusal, with its stack trace. */
    static InputException of(RefusedInputException refused, int index) {
        Reason reason = Reason.valueOf(refused.reason().name());
        InputException exception = new InputException(reason, refused.getMessage(), refused, index);
        exception.setStackTrace(refused.getStackTrace());
        return exception;
    }

    /** What is wrong with the input. */
    public Reason reason() {
        return reason;
    }

    /** The position of the input in the list of the call, from 0; also 0 for a call with one input. */
    public int index() {
        return index;
    }
}
