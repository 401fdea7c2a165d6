package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class UnitLengthTest {
    @Test
    void otherLengthsAreScaledAndTheRestStays() {
        Embedding scaled = Embedding.of(new float[] {3, 4}, 7, true).unit();

        assertThat(scaled.values()).containsExactly(0.6f, 0.8f);
        assertThat(scaled.tokens()).isEqualTo(7);
        assertThat(scaled.truncated()).isTrue();
        assertThat(Embedding.of(new float[] {0.3f, -0.4f}).unit().values()).containsExactly(0.6f, -0.8f);
    }

    @Test
    void unitVectorsStayToTheBit() {
        Embedding rounded = Embedding.of(new float[] {0.6f, 0.80000013f});

        assertThat(rounded.unit()).isSameAs(rounded);
        assertThat(Embedding.of(new float[] {0.6f, 0.81f}).unit().values()[1]).isLessThan(0.81f);
    }

    /** The length of the first is no float. */
    @Test
    void veryLongAndVeryShortVectorsHaveUnitLength() {
        float half = (float) Math.sqrt(0.5);

        assertThat(Embedding.of(new float[] {3e38f, -3e38f}).unit().values()).containsExactly(half, -half);
        assertThat(Embedding.of(new float[] {1e-11f, 1e-11f}).unit().values()).containsExactly(half, half);
        assertThat(Embedding.of(new float[] {5e-13f, 0}).unit().values()).containsExactly(0.5f, 0);
    }

    @Test
    void aCutVectorHasUnitLengthHoweverManyNumbersAreKept() {
        float half = (float) Math.sqrt(0.5);

        assertThat(Embedding.of(new float[] {3, 4}, 7, true).cut(2)).isEqualTo(Embedding.of(new float[] {0.6f, 0.8f}, 7, true));
        assertThat(Embedding.of(new float[] {3, 4, 5}).cut(2).values()).containsExactly(0.6f, 0.8f);
        assertThat(Embedding.of(new float[] {3e38f, 3e38f, 1}).cut(2).values()).containsExactly(half, half);
        Embedding unit = Embedding.of(new float[] {0.6f, 0.80000013f});
        assertThat(unit.cut(2)).isSameAs(unit);
    }

    /** As the model refuses to return such vectors: their cosines would be no numbers. */
    @Test
    void whatIsNotFiniteIsNoEmbedding() {
        assertThatThrownBy(() -> Embedding.of(new float[] {1, Float.NaN})).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("values[1] is NaN, expected a finite number");
        assertThatThrownBy(() -> Embedding.of(new float[] {Float.NEGATIVE_INFINITY}, 1, false))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("values[0] is -Infinity, expected a finite number");
    }

    @Test
    void zerosStayZeros() {
        assertThat(Embedding.of(new float[2]).unit().values()).containsExactly(0, 0);
    }
}
