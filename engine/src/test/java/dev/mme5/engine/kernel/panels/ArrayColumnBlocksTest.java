package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.pool.WorkerPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayColumnBlocksTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 1, 1", "1024, 1, 1024", "1025, 1, 513", "100000, 1, 1021", "385, 2, 193", "1536, 9, 384"})
    void aTableHasOneBlockOfColumnsAndIsBuiltOnce(int cols, int groups, int depth) {
        try (WorkerPool pool = new WorkerPool(1)) {
            ArrayMatmul arrays = new ArrayMatmul(pool);

            ColumnBlocks blocks = arrays.blocks(cols, groups);

            assertThat(blocks.depth()).isEqualTo(depth);
            assertThat(blocks.ahead(0, 0).order()).hasSize(depth);
            assertThat(arrays.blocks(cols, groups)).isSameAs(blocks);
        }
    }
}
