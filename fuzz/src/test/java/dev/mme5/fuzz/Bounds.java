package dev.mme5.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits of processor time and allocated memory for reading any input, of the reading thread. The JVM counts both, so
 * a machine that is busy or stopped for a while exceeds no limit.
 */
public final class Bounds {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Inputs have a few kilobytes, and instrumented code is about ten times slower. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Bytes that the first execution allocates for loading classes. */
    private static final long LOADING_BYTES = 64 << 20;

    private Bounds() {}

    /**
     * Runs a reading.
     *
     * @param maxBytes that it may allocate, in addition to the classes that it loads
     * @throws AssertionError when it exceeds a limit, whether it succeeds or refuses the input
     */
    public static <T> T within(long maxBytes, Supplier<T> reading) {
        long nanos = THREAD.getCurrentThreadCpuTime();
        long bytes = THREAD.getCurrentThreadAllocatedBytes();
        try {
            return reading.get();
        } finally {
            long usedBytes = THREAD.getCurrentThreadAllocatedBytes() - bytes;
            long usedNanos = THREAD.getCurrentThreadCpuTime() - nanos;
            if (usedBytes > maxBytes + LOADING_BYTES)
                throw new AssertionError("allocated " + usedBytes + " bytes, expected at most " + maxBytes);
            if (usedNanos > MAX_NANOS) throw new AssertionError("took " + usedNanos + " ns, expected at most " + MAX_NANOS);
        }
    }
}
