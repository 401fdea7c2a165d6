/**
 * {@code mme5 verify}: comparisons with the reference implementation. Each returns a {@link dev.mme5.cli.verification.CheckResult}.
 */
package dev.mme5.cli.verification;
