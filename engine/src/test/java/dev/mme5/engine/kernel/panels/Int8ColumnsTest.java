package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.panels.tiles.Int8Columns;
import org.junit.jupiter.api.Test;

class Int8ColumnsTest {
    @Test
    void aScatteredVectorHasEveryFourthRow() {
        float[] rows = new float[3 + 32];
        for (int row = 0; row < 32; row++) rows[3 + row] = row;
        float[] places = new float[5 + 32];
        Int8Columns.scatter(rows, 3, places, 5);
        for (int vector = 0; vector < 4; vector++) {
            for (int lane = 0; lane < 8; lane++) assertThat(places[5 + 8 * vector + lane]).isEqualTo(4f * lane + vector);
        }
        float[] back = new float[3 + 32];
        Int8Columns.gather(places, 5, back, 3);
        assertThat(back).isEqualTo(rows);
    }
}
