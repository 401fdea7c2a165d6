package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.pool.BufferPool;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkLimitsTest {
    /** With narrow vectors there is a little less at the end of each group of tokens. */
    @ParameterizedTest
    @CsvSource({"32, 38", "384, 1536", "1024, 2048", "1100, 70"})
    void countedFloatsAreRetained(int hidden, int mlpHidden) {
        BufferPool<ChunkMatmul.Buffers> pool = new BufferPool<>(1, ChunkMatmul.Buffers::new);
        try (WorkerPool workers = new WorkerPool(1)) {
            ChunkMatmul chunks = new ChunkMatmul(workers, pool);
            for (int tokens : new int[] {48, 511, ChunkLimits.maxTokens(hidden), ChunkLimits.maxMlpTokens(hidden, hidden)}) {
                Matrix x = Matrix.zeros(tokens, hidden);
                chunks.project(x, List.of(projection(1, hidden)), List.of(Matrix.zeros(tokens, 1)));
                chunks.mlp(x, projection(mlpHidden, hidden), projection(hidden, mlpHidden), x);
            }
        }

        ChunkMatmul.Buffers buffers = pool.acquire();
        long retained = buffers.in.floats().length + buffers.between.floats().length + buffers.sums.floats().length;
        long counted = ChunkLimits.retainedFloats(hidden, mlpHidden);
        assertThat(retained).isBetween(counted - counted / 20, counted);
    }

    private static Projection projection(int rows, int cols) {
        MappedTensor weight = MappedTensor.ofFloats("weight", new float[rows * cols], rows, cols);
        return new Projection(PanelTensor.copyToArray(weight), null, false);
    }
}
