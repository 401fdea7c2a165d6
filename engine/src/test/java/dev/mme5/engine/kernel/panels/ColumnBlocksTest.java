package dev.mme5.engine.kernel.panels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnBlocksTest {
    private static final int COLUMN_BYTES = 64;
    private static final int LINE = 64;

    @ParameterizedTest
    @CsvSource({"512, 1, 2", "512, 2, 2", "500, 2, 2", "100, 3, 2", "511, 2, 4", "7, 1, 2", "1, 2, 2", "1, 1, 1"})
    void passesReadDifferentSharesAndTogetherTheWholeBlock(int depth, int readers, int passes) {
        ColumnBlocks blocks = ColumnBlocks.of(depth, depth, COLUMN_BYTES, readers, passes, 1);

        BitSet lines = linesRead(blocks.ahead(0, 0), depth, depth, readers, passes);

        if (depth > 1) assertThat(lines.cardinality()).isEqualTo(depth * COLUMN_BYTES / LINE);
    }

    @ParameterizedTest
    @CsvSource({"520, 2, 2", "602, 2, 2", "513, 1, 2", "700, 2, 4", "1000, 1, 4", "514, 2, 4"})
    void longAndShortBlocksReadInsideOfEachOther(int cols, int readers, int passes) {
        int depth = 512;
        ColumnBlocks blocks = ColumnBlocks.of(cols, depth, COLUMN_BYTES, readers, passes, 1);
        int last = cols - depth;

        assertThat(linesRead(blocks.ahead(0, depth), last, depth, readers, passes).cardinality()).isPositive();
        assertThat(linesRead(blocks.ahead(depth, 0), depth, last, readers, passes).cardinality()).isPositive();
    }

    /** Of integers. One outside of the block would be outside of the file at its end. */
    private static BitSet linesRead(ColumnBlocks.Ahead ahead, int blockDepth, int depth, int readers, int passes) {
        BitSet lines = new BitSet();
        for (int reader = 0; reader < readers; reader++) {
            for (int pass = 0; pass < passes; pass++) {
                for (int k = 0; k < depth; k++) {
                    int place = ahead.first(reader, pass) + k * ahead.step();
                    assertThat(place).isBetween(0, blockDepth * COLUMN_BYTES - Integer.BYTES);
                    lines.set(place / LINE);
                }
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void withOnePassAllPassesOfAReaderBeginAtTheSamePlace(int pass) {
        ColumnBlocks.Ahead ahead = ColumnBlocks.of(512, 512, COLUMN_BYTES, 2, 4).ahead(0, 0);

        assertThat(ahead.first(1, pass)).isEqualTo(ahead.first(1)).isPositive();
    }
}
