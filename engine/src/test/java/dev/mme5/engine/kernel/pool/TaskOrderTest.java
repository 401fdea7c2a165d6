package dev.mme5.engine.kernel.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskOrderTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 4", "3, 4", "12, 2", "13, 2", "36, 1", "37, 5", "64, 16"})
    void everyTaskHasOnePositionAndAThreadsTasksAreNeighbours(int tasks, int threads) {
        int[] order = IntStream.range(0, tasks).map(position -> TaskOrder.taskAt(position, tasks, threads)).toArray();

        assertThat(IntStream.of(order).sorted().toArray()).isEqualTo(IntStream.range(0, tasks).toArray());
        for (int position = threads; position < tasks; position++) {
            assertThat(order[position]).isEqualTo(order[position - threads] + 1);
        }
    }
}
