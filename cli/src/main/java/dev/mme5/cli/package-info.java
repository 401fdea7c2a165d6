/**
 * The {@code mme5} command. {@code Main} reads the process, {@code Commands} lists the commands, {@code ErrorReporter} turns
 * exceptions into messages and exit statuses.
 *
 * <p>The packages, each of which uses only those after it: {@code command}, one class for each command; {@code option}; {@code
 * evaluation}, {@code verification}, {@code packaging} and {@code resume}; {@code output}; {@code input}; {@code terminal}; {@code
 * context}.
 */
package dev.mme5.cli;
