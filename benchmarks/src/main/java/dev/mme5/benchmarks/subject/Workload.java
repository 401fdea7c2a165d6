package dev.mme5.benchmarks.subject;

/**
 * What one run does, in the terms of the two limits of a machine and in the terms of users.
 *
 * @param flops floating-point operations that must be done, a multiply-add counted as two; 0 when they are not what counts
 * @param bytes bytes that must come from memory, or go to it, when nothing is in a cache
 * @param things what users count
 * @param unit what a thing is called in a rate, such as "MB" or "pictures"
 */
public record Workload(double flops, double bytes, double things, String unit) {
    /** Arithmetic is what counts. */
    public static Workload ofFlops(double flops, double bytes) {
        return new Workload(flops, bytes, flops / 1e9, "GFLOP");
    }

    /** Moving data is what counts. */
    static Workload ofBytes(double bytes) {
        return new Workload(0, bytes, bytes / 1e9, "GB");
    }

    /** Things a second. */
    public double rate(double seconds) {
        return things / seconds;
    }
}
