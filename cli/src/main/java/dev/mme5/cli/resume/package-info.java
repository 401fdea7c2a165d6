/**
 * {@code embed --resume}: runs that continue where an earlier one ended. Start at {@link dev.mme5.cli.resume.ResumableRun}, which
 * explains the order of writes that makes this safe.
 */
package dev.mme5.cli.resume;
