package dev.mme5.benchmarks.subject;

/** Something to measure: made ready once, checked once, run any number of times. The same for the table and for JMH. */
public interface BenchmarkSubject extends AutoCloseable {
    /** Who does it, such as "mme5" or the name of a peer. */
    default String implementation() {
        return "mme5";
    }

    /** One run. Its result replaces that of the run before. */
    void run();

    /** @throws IllegalStateException when the result of the last run is not what the scalar kernels say */
    void check();

    /** What one run does. */
    Workload amount();

    @Override
    default void close() {}

    /** Runs once and checks the result. */
    default void verify() {
        run();
        check();
    }
}
