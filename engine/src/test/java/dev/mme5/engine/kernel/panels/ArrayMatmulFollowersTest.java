package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.pool.WorkerPool;
import org.junit.jupiter.api.Test;

class ArrayMatmulFollowersTest {
    @Test
    void aProductKnowsWhereTheOneBeginsThatFollowedTheLastTime() {
        try (WorkerPool pool = new WorkerPool(1)) {
            ArrayMatmul matmul = new ArrayMatmul(pool);
            int[] firstStarts = {12};
            int[] secondStarts = {1036};

            assertThat(matmul.begin(12, firstStarts)).isNull();
            assertThat(matmul.begin(1036, secondStarts)).isNull();
            assertThat(matmul.begin(12, firstStarts)).isSameAs(secondStarts);
            assertThat(matmul.begin(1036, secondStarts)).isSameAs(firstStarts);
            assertThat(matmul.begin(12, firstStarts)).isSameAs(secondStarts);
        }
    }
}
