/**
 * Whole text embeddings of e5-small-v2, beside other libraries that run it in a JVM. Start with {@link
 * dev.mme5.benchmarks.models.ModelBenchmark}.
 */
package dev.mme5.benchmarks.models;
