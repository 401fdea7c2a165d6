package dev.mme5.tokenizer.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongPriorityQueueTest {
    @Test
    void agreesWithAPriorityQueue() {
        Random random = new Random(5);
        LongPriorityQueue queue = new LongPriorityQueue();
        PriorityQueue<Long> expected = new PriorityQueue<>();
        for (int i = 0; i < 50_000; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 3) {
                long value = random.nextInt(1000);
                queue.add(value);
                expected.add(value);
            } else {
                assertThat(queue.remove()).isEqualTo(expected.remove());
            }
        }

        while (!expected.isEmpty()) assertThat(queue.remove()).isEqualTo(expected.remove());
        assertThat(queue.isEmpty()).isTrue();
    }
}
