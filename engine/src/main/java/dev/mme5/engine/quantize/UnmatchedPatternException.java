package dev.mme5.engine.quantize;

/** A pattern of {@link QuantizeOptions#keep} is the name of no tensor. */
public final class UnmatchedPatternException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnmatchedPatternException(String message) {
        super(message);
    }
}
