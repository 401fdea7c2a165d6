package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.attention.AttentionBuffers;
import org.junit.jupiter.api.Test;

class BuffersTest {
    @Test
    void theCounterCountsTheBytesThatTheHeapGives() {
        AttentionBuffers buffers = AttentionBuffers.allocate(7, 16, 8, Buffers.HEAP);

        assertThat(buffers.query()).extracting(Matrix::rows, Matrix::cols).containsExactly(7, 16);
        long bytes = Float.BYTES * (buffers.query().data().length + buffers.key().data().length + buffers.value().data().length);
        assertThat(Buffers.bytes(counter -> AttentionBuffers.allocate(7, 16, 8, counter))).isEqualTo(bytes).isEqualTo(4 * 7 * 32);
    }

    @Test
    void sizesBeyondAnyArrayAreCountedButNotAllocated() {
        assertThat(Buffers.bytes(counter -> counter.matrix(1L << 32, 1 << 10))).isEqualTo(1L << 44);
        assertThatThrownBy(() -> Buffers.HEAP.matrix(1L << 32, 1)).isInstanceOf(ArithmeticException.class);
    }
}
