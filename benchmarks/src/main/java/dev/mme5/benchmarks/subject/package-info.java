/**
 * The operations to measure. Start with {@link dev.mme5.benchmarks.subject.BenchmarkSubject}, which every subject implements; a
 * {@link dev.mme5.benchmarks.subject.Workload} is its amount of arithmetic and memory traffic.
 */
package dev.mme5.benchmarks.subject;
