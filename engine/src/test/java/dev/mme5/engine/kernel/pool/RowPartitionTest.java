package dev.mme5.engine.kernel.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RowPartitionTest {
    @Test
    void blocksAreWholeStepsWithinTheLimit() {
        for (int rows : new int[] {0, 1, 11, 12, 100, 1280, 4096, 14_336, 128_264}) {
            for (int threads = 1; threads <= 64; threads *= 2) {
                int block = RowPartition.size(rows, 12, 50, threads);
                assertTrue(block >= 12 && block <= 48 && block % 12 == 0, rows + " rows: " + block);
            }
        }
    }

    @Test
    void twoThreadsGetEqualShares() {
        assertEquals(128, RowPartition.size(1280, 64, 512, 2)); // 10 tasks; 192 rows would give 4 and 3 of them
        assertEquals(512, RowPartition.size(4096, 64, 512, 2));
        assertEquals(36, RowPartition.size(1280, 12, 48, 2));
        assertEquals(48, RowPartition.size(4096, 12, 48, 2));
    }

    @Test
    void theLeastUnevenSizeIsTakenIfNoneIsEven() {
        assertEquals(64, RowPartition.size(100, 64, 512, 2));
        assertEquals(12, RowPartition.size(25, 12, 48, 2));
    }
}
