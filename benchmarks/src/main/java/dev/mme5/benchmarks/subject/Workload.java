package dev.mme5.benchmarks.subject;

/**
 * The work of one run: arithmetic, memory traffic, and the quantity that users count.
 *
 * @param flops floating-point operations, a multiply-add counted as two; 0 where memory traffic is the limit
 * @param bytes bytes read from and written to memory if nothing is cached
 * @param items the quantity that users count
 * @param unit unit of the items, such as "MB"
 */
public record Workload(double flops, double bytes, double items, String unit) {
    /** Work that arithmetic limits. */
    public static Workload ofFlops(double flops, double bytes) {
        return new Workload(flops, bytes, flops / 1e9, "GFLOP");
    }

    /** Work that memory traffic limits. */
    static Workload ofBytes(double bytes) {
        return new Workload(0, bytes, bytes / 1e9, "GB");
    }

    /** Items a second. */
    public double rate(double seconds) {
        return items / seconds;
    }
}
