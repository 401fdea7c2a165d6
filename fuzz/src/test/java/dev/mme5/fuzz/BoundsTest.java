package dev.mme5.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BoundsTest {
    @Test
    void aReadingWithinItsBoundsGivesItsResult() {
        assertThat(Bounds.within(1_000_000, () -> new byte[100_000].length)).isEqualTo(100_000);
    }

    @Test
    void aReadingThatAllocatesMoreIsAFinding() {
        assertThatThrownBy(() -> Bounds.within(1_000_000, () -> new byte[100 << 20])).isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected at most 1000000");
    }
}
