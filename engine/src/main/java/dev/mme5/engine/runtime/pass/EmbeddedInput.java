package dev.mme5.engine.runtime.pass;

/**
 * The result of one input of a pass.
 *
 * @param values as the network gives them, [dimensions]
 * @param sharedTokens how many of its tokens were not computed for it
 */
public record EmbeddedInput(float[] values, int sharedTokens) {}
