/**
 * The commands that print results. Start with {@link dev.mme5.benchmarks.report.BenchCommand}, which is {@code mme5 bench}.
 */
package dev.mme5.benchmarks.report;
