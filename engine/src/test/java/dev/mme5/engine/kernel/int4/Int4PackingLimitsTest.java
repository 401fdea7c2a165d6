package dev.mme5.engine.kernel.int4;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int4PackingLimitsTest {
    /** What is encoded at a time, in whole blocks and tiles, is what the plan counts. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 1280, 8128, 8129, 8322, 14_336, 200_000, 400_001})
    void noMoreIsEncodedThanIsCounted(int cols) {
        for (int tile : new int[] {6, 12}) {
            for (int tokens : new int[] {1, 2, 13, 500, 516, 517, 5000}) {
                long blocks = Math.min(tokens, Int4PackingLimits.atOnce(cols, tile)) * (long) Math.ceilDiv(cols, 32);

                assertThat(blocks * (32 * 2 + 4)).isLessThanOrEqualTo(Int4PackingLimits.bytes(tokens, cols));
            }
        }
    }
}
