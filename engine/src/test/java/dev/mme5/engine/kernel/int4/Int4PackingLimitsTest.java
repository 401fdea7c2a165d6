package dev.mme5.engine.kernel.int4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Int4PackingLimitsTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "13, 601", "500, 33", "500, 8128", "288, 14336"})
    void countedBytesAreAllocatedButForEmptySlots(int tokens, int cols) {
        long counted = Int4PackingLimits.retainedBytes(tokens, cols);
        long emptySlots = 11 * Int4PackingLimits.blocks(cols) * 64;

        assertThat(allocatedBytes(tokens, cols)).isBetween(counted - emptySlots, counted);
    }

    @ParameterizedTest
    @CsvSource({"517, 40", "5000, 33", "517, 8129", "1000, 14336", "40, 400001"})
    void noMoreIsAllocatedThanIsCounted(int tokens, int cols) {
        assertThat(allocatedBytes(tokens, cols)).isPositive().isLessThanOrEqualTo(Int4PackingLimits.retainedBytes(tokens, cols));
    }

    /** With any register tile, the largest part fits into the buffers. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 1280, 8128, 8129, 8322, 14_336, 200_000, 400_001})
    void partsOfEveryTileFit(int cols) {
        for (int tile : new int[] {4, 5, 6, 12}) {
            for (int tokens : new int[] {1, 2, 13, 500, 516, 517, 5000}) {
                int part = Math.min(tokens, Int4PackingLimits.maxTokens(cols, tile));

                assertThat(part * Int4PackingLimits.blocks(cols)).isEqualTo(Int4PackingLimits.blocks(part, cols));
                assertThat(Int4PackingLimits.blocks(part, cols)).isLessThanOrEqualTo(Int4PackingLimits.blocks(tokens, cols));
                long slots = Math.ceilDiv(part, tile) * (long) tile;
                assertThat(slots * Int4PackingLimits.blocks(cols)).isLessThanOrEqualTo(Int4PackingLimits.blocks(tokens + 11, cols));
            }
        }
    }

    private static long allocatedBytes(int tokens, int cols) {
        QuantizationScheme scheme = QuantizationScheme.INT4;
        QuantizedTensor weight = new QuantizedTensor(scheme, cols, zeros(scheme.dtype(), scheme.codes(1, cols)),
                zeros(DType.I8, new Shape(scheme.groups(cols), 1)), MappedTensor.ofFloats("row_scales", new float[1], 1));
        try (WorkerPool pool = new WorkerPool(1)) {
            Int4Matmul matmul = new Int4Matmul(pool, new BufferPool<>(1, RetainedFloats::new));
            matmul.multiply(Matrix.zeros(tokens, cols), weight, Matrix.zeros(tokens, 1));
            return matmul.retainedBytes();
        }
    }

    private static MappedTensor zeros(DType dtype, Shape shape) {
        return new MappedTensor("file", "weight", dtype, shape, MemorySegment.ofArray(new byte[(int) dtype.bytes(shape)]));
    }
}
