package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RowBlocksTest {
    @Test
    void blocksAreWholeStepsWithinTheLimit() {
        for (int rows : new int[] {0, 1, 11, 12, 100, 1280, 4096, 14_336, 128_264}) {
            for (int threads = 1; threads <= 64; threads *= 2) {
                int block = RowBlocks.size(rows, 12, 50, threads);
                assertTrue(block >= 12 && block <= 48 && block % 12 == 0, rows + " rows: " + block);
            }
        }
    }

    @Test
    void twoThreadsGetTheSame() {
        assertEquals(128, RowBlocks.size(1280, 64, 512, 2)); // 10 tasks; 192 rows would give 4 and 3 of them
        assertEquals(512, RowBlocks.size(4096, 64, 512, 2));
        assertEquals(36, RowBlocks.size(1280, 12, 48, 2));
        assertEquals(48, RowBlocks.size(4096, 12, 48, 2));
    }

    @Test
    void whenNothingIsEvenTheLeastUnevenIsTaken() {
        assertEquals(64, RowBlocks.size(100, 64, 512, 2));
        assertEquals(12, RowBlocks.size(25, 12, 48, 2));
    }
}
