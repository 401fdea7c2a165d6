package dev.mme5.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PackedSequencesTest {
    @Test
    void sequencesFollowEachOtherWithoutPadding() {
        PackedSequences s = PackedSequences.of(new int[][] {{7, 7, 7}, {8}, {9, 9}});

        assertThat(s.count()).isEqualTo(3);
        assertThat(s.total()).isEqualTo(6);
        assertThat(s.starts()).containsExactly(0, 3, 4, 6);
        assertThat(s.from(1)).isEqualTo(3);
        assertThat(s.to(1)).isEqualTo(4);
        assertThat(s.length(2)).isEqualTo(2);
    }

    @Test
    void noSequencesHaveNoRows() {
        assertThat(PackedSequences.of(new int[0][]).total()).isZero();
    }

    @Test
    void moreRowsThanAnIntCountsAreRefused() {
        int[] half = new int[1 << 20];
        int[][] sequences = new int[2048][];
        Arrays.fill(sequences, half);

        assertThatThrownBy(() -> PackedSequences.of(sequences)).isInstanceOf(ArithmeticException.class);
    }
}
