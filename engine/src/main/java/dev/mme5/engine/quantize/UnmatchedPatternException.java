package dev.mme5.engine.quantize;

/** A pattern of {@link QuantizeOptions#keep} matches the name of no tensor. */
public final class UnmatchedPatternException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnmatchedPatternException(String message) {
        super(message);
    }
}
