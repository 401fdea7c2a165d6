package dev.mme5.engine.kernel.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keeps a page that cannot be read (a mapped file was cut short, its disk failed) from ending the virtual machine.
 *
 * <p>HotSpot turns such a fault into an {@link InternalError}, but in compiled code only where it knows the method to have
 * accesses that may fault, and a vector load from a segment is none to it (JDK 25): the process would die of SIGBUS. A scalar
 * access to any segment in the same method makes it known; that of a constant costs nothing, since the compiler removes it
 * after having taken note. So {@link #set} stands before every vector load from a segment.
 */
public final class PageFaultGuard {
    private static final MemorySegment ANY = MemorySegment.ofArray(new byte[1]);

    private PageFaultGuard() {}

    public static void set() {
        ANY.get(ValueLayout.JAVA_BYTE, 0);
    }
}
