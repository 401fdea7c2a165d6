package dev.mme5.engine.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Turns the fault of an unreadable page (a mapped file was truncated, or its disk failed) into an error that can be caught.
 *
 * <p>HotSpot throws an {@link InternalError} for such a fault, but in compiled code only if it expects the method to fault. Because
 * HotSpot (JDK 25) does not expect vector loads from a segment to fault, the JVM would crash with SIGBUS. A scalar access to any
 * segment in the same method marks the method. An access to a constant segment costs nothing, because the compiler removes it after
 * marking the method. So {@link #set} is called before every vector load from a segment.
 */
public final class PageFaultGuard {
    private static final MemorySegment ANY = MemorySegment.ofArray(new byte[1]);

    private PageFaultGuard() {}

    public static void set() {
        ANY.get(ValueLayout.JAVA_BYTE, 0);
    }
}
