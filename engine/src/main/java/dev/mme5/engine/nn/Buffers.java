package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.function.Consumer;

/**
 * Allocates the working buffers of a pass on the heap, or only counts the bytes that the same code would allocate. So the
 * estimate of a pass and its allocation are one piece of code:
 *
 * {@snippet :
 * static Activations allocate(Config c, long tokens, Buffers buffers) {
 *     return new Activations(buffers.matrix(tokens, c.hidden()), buffers.matrix(tokens, c.mlpHidden()));
 * }
 *
 * static long bytes(Config c, long tokens) {
 *     return Buffers.bytes(counter -> allocate(c, tokens, counter));
 * }
 * }
 */
public sealed interface Buffers {
    /** Allocates every matrix, filled with zeros. */
    Buffers HEAP = new Heap();

    /** A matrix [rows, cols]; a counter gives one without rows, whatever the size. */
    Matrix matrix(long rows, long cols);

    /** Bytes of heap that an allocation takes, found by running it with a counter: sizes may be larger than any array. */
    static long bytes(Consumer<Buffers> allocation) {
        Counter counter = new Counter();
        allocation.accept(counter);
        return counter.bytes;
    }

    /** Allocates. */
    final class Heap implements Buffers {
        private Heap() {}

        @Override
        public Matrix matrix(long rows, long cols) {
            return Matrix.zeros(Math.toIntExact(rows), Math.toIntExact(cols));
        }
    }

    /** Counts. */
    final class Counter implements Buffers {
        private long bytes;

        private Counter() {}

        @Override
        public Matrix matrix(long rows, long cols) {
            bytes += Float.BYTES * rows * cols;
            return Matrix.zeros(0, 0);
        }
    }
}
