package dev.mme5.engine.family.mllama.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles of 3 tokens, padded by 5, four to an image. */
class VisionRowLayoutTest {
    private static final int TOKENS = 3;
    private static final int PADDING = 5;

    private static VisionRowLayout layout(int realTiles, boolean absentAreAlike) {
        return new VisionRowLayout(TOKENS, PADDING, 4, realTiles, absentAreAlike);
    }

    /** Equal absent tiles are computed once; the multiplicities are those of the computed tiles. */
    @ParameterizedTest
    @CsvSource({
        "1, true,  2, 1 3",
        "2, true,  3, 1 1 2",
        "3, true,  4, 1 1 1 1",
        "4, true,  4, 1 1 1 1",
        "1, false, 4, 1 1 1 1"
    })
    void equalAbsentTilesAreComputedOnce(int realTiles, boolean alike, int tiles, String multiplicities) {
        VisionRowLayout layout = layout(realTiles, alike);

        assertThat(layout.tiles()).isEqualTo(tiles);
        assertThat(layout.realRows()).isEqualTo(realTiles * TOKENS);
        assertThat(layout.tileRows()).isEqualTo(tiles * TOKENS);
        assertThat(layout.localRows()).as("one padding row for all tiles").isEqualTo(tiles * TOKENS + 1);
        assertThat(layout.globalRows()).as("one padding row for each tile").isEqualTo(tiles * TOKENS + tiles);
        String[] expected = multiplicities.split(" ");
        int[] found = layout.tileMultiplicities();
        for (int row = 0; row < found.length; row++) {
            assertThat(found[row]).as("row " + row).isEqualTo(Integer.parseInt(expected[row / TOKENS]));
        }
    }

    /** Whatever is computed, all 4 * 8 tokens count. */
    @ParameterizedTest
    @CsvSource({"1, true", "2, true", "3, true", "4, true", "1, false", "2, false"})
    void multiplicitiesOfBothMasksAddUpToAllTokens(int realTiles, boolean alike) {
        VisionRowLayout layout = layout(realTiles, alike);

        assertThat(sum(layout.localMask(), layout.localRows())).isEqualTo(4 * (TOKENS + PADDING));
        assertThat(sum(layout.globalMask(), layout.globalRows())).isEqualTo(4 * (TOKENS + PADDING));
    }

    @Test
    void realTokensSeeAllAndOthersSeeRealOnesOnly() {
        VisionRowLayout layout = layout(2, true);
        AttentionMask local = layout.localMask();
        AttentionMask global = layout.globalMask();

        assertThat(local.to(5)).as("last token of the second real tile").isEqualTo(layout.localRows());
        assertThat(local.to(6)).as("first token of the absent tile").isEqualTo(layout.realRows());
        assertThat(global.to(5)).isEqualTo(layout.globalRows());
        assertThat(global.to(layout.tileRows())).as("padding of the first tile").isEqualTo(layout.realRows());
        assertThat(global.multiplicity(layout.tileRows() + 2)).as("padding of two absent tiles").isEqualTo(2 * PADDING);
    }

    @Test
    void expandedRowsRepeatTheAbsentTileAndThePadding() {
        VisionRowLayout layout = new VisionRowLayout(2, 1, 3, 1, true);
        Matrix local = new Matrix(new float[] {10, 11, 20, 21, 90}, 0, 5, 1);
        Matrix global = new Matrix(new float[] {10, 11, 20, 21, 91, 92}, 0, 6, 1);

        assertThat(layout.expand(local, 0, true).toArray()).containsExactly(10, 11, 90, 20, 21, 90, 20, 21, 90);
        assertThat(layout.expand(global, 0, true).toArray()).containsExactly(10, 11, 91, 20, 21, 92, 20, 21, 92);
        assertThat(layout.expand(local, 0, false).toArray()).containsExactly(10, 11, 20, 21, 20, 21);
        assertThat(layout.expand(local, 1, false).toArray()).as("without class tokens").containsExactly(11, 21, 21);
    }

    private static int sum(AttentionMask mask, int keys) {
        int sum = 0;
        for (int key = 0; key < keys; key++) sum += mask.multiplicity(key);
        return sum;
    }
}
