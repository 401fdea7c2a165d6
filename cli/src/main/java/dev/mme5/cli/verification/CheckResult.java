package dev.mme5.cli.verification;

/**
 * The result of a comparison.
 *
 * @param agrees whether all differences are within the tolerance
 * @param report one or more lines, each with a line feed
 */
public record CheckResult(boolean agrees, String report) {}
