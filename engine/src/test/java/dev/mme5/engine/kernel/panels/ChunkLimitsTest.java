package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkLimitsTest {
    @ParameterizedTest
    @CsvSource({"32, 38", "384, 1536", "1024, 2048", "1100, 70"})
    void countedFloatsAreRetained(int hidden, int mlpHidden) {
        long counted = ChunkLimits.retainedFloats(hidden, mlpHidden);
        if (Species.FEW_REGISTERS) assertThat(retained(hidden, mlpHidden)).isPositive().isLessThanOrEqualTo(counted); // there tasks are smaller
        else assertThat(retained(hidden, mlpHidden)).isEqualTo(counted);
    }

    /** Chunks refuse the odd columns before an MLP, but not those in it. */
    @ParameterizedTest
    @CsvSource({"33, 1536", "1101, 70", "8001, 40"})
    void floatsOfOddModelsAreCounted(int hidden, int mlpHidden) {
        assertThat(retained(hidden, mlpHidden)).isLessThanOrEqualTo(ChunkLimits.retainedFloats(hidden, mlpHidden));
    }

    private static long retained(int hidden, int mlpHidden) {
        BufferPool<ChunkMatmul.Buffers> pool = new BufferPool<>(1, ChunkMatmul.Buffers::new);
        try (WorkerPool workers = new WorkerPool(1)) {
            ChunkMatmul chunks = new ChunkMatmul(workers, pool);
            boolean even = chunks.accepts(48, hidden);
            int single = even ? hidden : mlpHidden; // columns of products that are not those of an MLP
            for (int tokens : new int[] {48, 511, ChunkLimits.maxTokens(single), ChunkLimits.maxMlpTokens(hidden, hidden)}) {
                chunks.project(Matrix.zeros(tokens, single), List.of(projection(1, single)), List.of(Matrix.zeros(tokens, 1)));
                if (!even) continue;
                Matrix x = Matrix.zeros(tokens, hidden);
                chunks.mlp(x, projection(mlpHidden, hidden), projection(hidden, mlpHidden), x);
            }
        }
        ChunkMatmul.Buffers buffers = pool.acquire();
        return buffers.in.floats().length + buffers.between.floats().length + buffers.sums.floats().length;
    }

    private static Projection projection(int rows, int cols) {
        MappedTensor weight = MappedTensor.ofFloats("weight", new float[rows * cols], rows, cols);
        return new Projection(PanelTensor.copyToArray(weight), null, false);
    }
}
