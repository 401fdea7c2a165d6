package dev.mme5.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class PanelTensorTest {
    private static final MappedTensor ROWS = MappedTensor.ofFloats("w", new float[] {1, 2, 3, 4}, 2, 2);

    @Test
    void panelsInAnArrayBeginAtTheirOffset() {
        float[] array = new float[12 + 2 * PanelTensor.ROWS];

        PanelTensor panels = PanelTensor.copyToArray(ROWS, array, 12);

        assertThat(panels.array()).isSameAs(array);
        assertThat(panels.arrayOffset()).isEqualTo(12);
        assertThat(array[12 + PanelTensor.ROWS + 1]).isEqualTo(4);
    }

    @Test
    void panelsElsewhereHaveNoOffset() {
        try (Arena arena = Arena.ofConfined()) {
            PanelTensor panels = PanelTensor.copyOf(ROWS, arena);

            assertThat(panels.array()).isNull();
            assertThatThrownBy(panels::arrayOffset).isInstanceOf(IllegalStateException.class)
                    .hasMessageEndingWith("F32 [2, 2] in panels: expected panels in an array, found them elsewhere");
        }
    }
}
