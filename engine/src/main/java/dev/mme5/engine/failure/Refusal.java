package dev.mme5.engine.failure;

/** Why one input is refused; the public API has the same reasons and describes them. */
public enum Refusal {
    NOT_FOUND,
    UNREADABLE,
    UNSUPPORTED_FORMAT,
    DAMAGED,
    TOO_LARGE,
    TOO_LONG,
    EMPTY,
    BAD_PROMPT,
    SPECIAL_TOKEN,
    NOT_ACCEPTED,
    NOT_FINITE
}
