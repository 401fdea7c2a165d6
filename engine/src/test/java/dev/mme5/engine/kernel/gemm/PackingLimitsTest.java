package dev.mme5.engine.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.panels.RowMatmul;
import dev.mme5.engine.kernel.panels.WideMatmul;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackingLimitsTest {
    /** The tokens of one part fill the buffer exactly when they are the largest part; parts of longer inputs may be smaller. */
    @ParameterizedTest
    @CsvSource({"2, 1", "13, 601", "32, 1280", "33, 1280", "500, 48", "768, 48", "288, 14336"})
    void countedBytesAreAllocated(int tokens, int cols) {
        assertThat(allocatedBytes(tokens, cols)).isEqualTo(PackingLimits.retainedBytes(tokens, cols));
    }

    @ParameterizedTest
    @CsvSource({"769, 48", "5000, 48", "300, 14336", "1000, 14336", "40, 131072", "40, 200000"})
    void noMoreIsAllocatedThanIsCounted(int tokens, int cols) {
        assertThat(allocatedBytes(tokens, cols)).isPositive().isLessThanOrEqualTo(PackingLimits.retainedBytes(tokens, cols));
    }

    /** The buffer of a sequence of matmuls is that of the largest one. */
    @Test
    void theLargestMatmulDeterminesWhatIsRetained() {
        try (WorkerPool pool = new WorkerPool(1)) {
            BufferPool<RetainedFloats> activations = new BufferPool<>(1, RetainedFloats::new);
            RowMatmul matmul = new RowMatmul(pool, new WideMatmul(pool, activations));
            multiply(matmul, 40, 300);
            multiply(matmul, 768, 100);
            multiply(matmul, 3, 301);

            assertThat(retainedBytes(activations)).isEqualTo(PackingLimits.retainedBytes(768, 100))
                    .isLessThanOrEqualTo(PackingLimits.retainedBytes(768, 301));
        }
    }

    /** The largest part fits into the buffer, and the buffer of all tokens is no smaller. */
    @ParameterizedTest
    @ValueSource(ints = {1, 48, 1280, 5461, 5462, 14_336, 131_072, 200_000})
    void thePartsFit(int cols) {
        for (int tokens : new int[] {2, 31, 32, 33, 500, 767, 768, 769, 5000}) {
            int part = Math.min(tokens, PackingLimits.maxTokens(cols));

            assertThat((long) part * Math.ceilDiv(cols, 192) * 192).isLessThanOrEqualTo(PackingLimits.floats(part, cols));
            assertThat(PackingLimits.floats(part, cols)).isLessThanOrEqualTo(PackingLimits.floats(tokens, cols));
        }
    }

    @Test
    void atMostSixteenMegabytesAreRetainedAtRealWidths() {
        assertThat(PackingLimits.retainedBytes(1_000_000, 14_336)).isEqualTo(16 << 20);
        assertThat(PackingLimits.retainedBytes(20, 14_336)).isEqualTo(32 * 14_400 * 4);
        assertThat(PackingLimits.retainedBytes(0, 14_336)).isZero();
    }

    private static long allocatedBytes(int tokens, int cols) {
        try (WorkerPool pool = new WorkerPool(1)) {
            BufferPool<RetainedFloats> activations = new BufferPool<>(1, RetainedFloats::new);
            multiply(new RowMatmul(pool, new WideMatmul(pool, activations)), tokens, cols);
            return retainedBytes(activations);
        }
    }

    private static long retainedBytes(BufferPool<RetainedFloats> activations) {
        return Float.BYTES * (long) activations.acquire().floats().length - WideMatmul.bytes(1);
    }

    private static void multiply(RowMatmul matmul, int tokens, int cols) {
        MappedTensor weight = MappedTensor.ofFloats("weight", DType.BF16, new float[cols], 1, cols);
        matmul.multiply(Matrix.zeros(tokens, cols), weight, Matrix.zeros(tokens, 1));
    }
}
