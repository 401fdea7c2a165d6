package dev.mme5.engine.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackingLimitsTest {
    /** What is packed at a time, in whole panels of any width of vectors, is what the plan counts. */
    @ParameterizedTest
    @ValueSource(ints = {1, 48, 1280, 5461, 5462, 14_336, 131_072, 200_000})
    void noMoreIsPackedThanIsCounted(int cols) {
        for (int panel : new int[] {8, 16, 32}) {
            for (int tokens : new int[] {2, 31, 32, 33, 500, 767, 768, 769, 5000}) {
                long packed = Math.ceilDiv(Math.min(tokens, PackingLimits.atOnce(cols, panel)), panel) * (long) panel * cols;

                assertThat(packed * Float.BYTES).isLessThanOrEqualTo(PackingLimits.bytes(tokens, cols));
                assertThat(PackingLimits.bytes(tokens, cols)).isLessThanOrEqualTo(PackingLimits.bytes(PackingLimits.MOST, cols));
            }
        }
    }

    @Test
    void atMostSixteenMegabytesAreHeldAtRealWidths() {
        assertThat(PackingLimits.bytes(1_000_000, 14_336)).isEqualTo(16 << 20);
        assertThat(PackingLimits.bytes(20, 14_336)).isEqualTo(32 * 14_336 * 4);
        assertThat(PackingLimits.bytes(0, 14_336)).isZero();
    }
}
