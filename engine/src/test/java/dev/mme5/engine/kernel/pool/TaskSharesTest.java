package dev.mme5.engine.kernel.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskSharesTest {
    @ParameterizedTest
    @CsvSource({"0, 3", "1, 1", "1, 4", "3, 4", "12, 2", "13, 2", "36, 1", "37, 5", "64, 16"})
    void threadsInTurnsHaveTheirOwnShares(int tasks, int threads) {
        TaskShares shares = new TaskShares(tasks, threads);
        List<Integer> claimed = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            int thread = i % threads;
            int task = shares.claim(thread);

            int end = TaskShares.start(tasks, thread + 1, threads);
            assertThat(task).isEqualTo(TaskShares.start(tasks, thread, threads) + i / threads);
            assertThat(shares.next(thread)).isEqualTo(task + 1 < end ? task + 1 : -1);
            claimed.add(task);
        }

        assertThat(claimed).containsExactlyInAnyOrderElementsOf(IntStream.range(0, tasks).boxed().toList());
        assertThat(shares.hasTasks()).isFalse();
        for (int thread = 0; thread < threads; thread++) assertThat(shares.claim(thread)).isEqualTo(-1);
    }

    @Test
    void aThreadWithoutTasksTakesTheLastOfTheLargestShare() {
        TaskShares shares = new TaskShares(6, 3); // 0 1, 2 3, 4 5
        assertThat(shares.claim(1)).isEqualTo(2);
        assertThat(shares.claim(0)).isZero();
        assertThat(shares.claim(0)).isEqualTo(1);

        assertThat(shares.claim(0)).isEqualTo(5);
        assertThat(shares.next(0)).isEqualTo(-1);
        assertThat(shares.claim(2)).isEqualTo(4);
        assertThat(shares.claim(2)).isEqualTo(3);
        assertThat(shares.claim(1)).isEqualTo(-1);
    }

    @Test
    void clearedSharesHaveNoTask() {
        TaskShares shares = new TaskShares(5, 2);
        shares.clear();

        assertThat(shares.hasTasks()).isFalse();
        assertThat(shares.claim(1)).isEqualTo(-1);
    }
}
