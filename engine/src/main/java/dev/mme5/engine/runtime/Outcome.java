package dev.mme5.engine.runtime;

import dev.mme5.engine.family.RefusedInputException;

/** The result of one input of many. */
public sealed interface Outcome {
    /**
     * A unit vector.
     *
     * @param values [dimensions]; outcomes of equal texts have the same array, which must not be changed
     * @param tokens effective tokens
     * @param sharedTokens of those, not computed for this input
     * @param truncated whether tokens were cut off
     */
    record Embedded(float[] values, int tokens, int sharedTokens, boolean truncated) implements Outcome {}

    /** The input has no vector. */
    record Refused(RefusedInputException error) implements Outcome {}
}
