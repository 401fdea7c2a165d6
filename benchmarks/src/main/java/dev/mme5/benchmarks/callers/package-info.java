/**
 * What it costs that callers share a model: {@link dev.mme5.benchmarks.callers.CallersBench} is {@code mme5 bench callers}. {@code
 * SharedPasses} compares many callers with one call, {@code LoneCaller} a single one with the pass itself.
 */
package dev.mme5.benchmarks.callers;
