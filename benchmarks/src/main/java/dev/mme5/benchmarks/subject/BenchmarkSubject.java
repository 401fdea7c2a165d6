package dev.mme5.benchmarks.subject;

/** An operation to measure: prepared once, checked once, run any number of times. The table and JMH share it. */
public interface BenchmarkSubject extends AutoCloseable {
    /** Name of the implementation: "mme5" or a peer. */
    default String implementation() {
        return "mme5";
    }

    /** One run. Its result replaces the previous one. */
    void run();

    /** @throws IllegalStateException if the result of the last run differs from that of the reference kernels */
    void check();

    /** The work of one run. */
    Workload workload();

    @Override
    default void close() {}

    /** Runs once and checks the result. */
    default void verify() {
        run();
        check();
    }
}
