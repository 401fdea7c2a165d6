/**
 * The peaks of the machine, and measurements interleaved with them. Start with {@link
 * dev.mme5.benchmarks.probe.InterleavedRounds}.
 */
package dev.mme5.benchmarks.probe;
