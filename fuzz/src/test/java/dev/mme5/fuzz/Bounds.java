package dev.mme5.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What reading may cost, whatever is read: processor time and allocated memory of the reading thread. Both are counted by the
 * virtual machine, so a machine that is busy with other things or stopped for a while breaks no bound.
 */
public final class Bounds {
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Inputs have a few kilobytes, and the code that is fuzzed is slowed down some ten times. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What loading classes takes, which the first execution does. */
    private static final long LOADING_BYTES = 64 << 20;

    private Bounds() {}

    /**
     * Runs a reading.
     *
     * @param mostBytes what it may allocate, beside the classes that it loads
     * @throws AssertionError when it costs more, be it refused or not
     */
    public static <T> T within(long mostBytes, Supplier<T> reading) {
        long nanos = THREAD.getCurrentThreadCpuTime();
        long bytes = THREAD.getCurrentThreadAllocatedBytes();
        try {
            return reading.get();
        } finally {
            long usedBytes = THREAD.getCurrentThreadAllocatedBytes() - bytes;
            long usedNanos = THREAD.getCurrentThreadCpuTime() - nanos;
            if (usedBytes > mostBytes + LOADING_BYTES)
                throw new AssertionError("allocated " + usedBytes + " bytes, expected at most " + mostBytes);
            if (usedNanos > MOST_NANOS) throw new AssertionError("took " + usedNanos + " ns, expected at most " + MOST_NANOS);
        }
    }
}
