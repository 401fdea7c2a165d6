package dev.mme5.engine.family.mllama.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.nn.attention.KeyValues;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisionStatesTest {
    /** Two real rows, then one that stands for three absent tokens. */
    private final VisionStates first = state(2, new int[] {1, 1, 3}, 10, 11, 19);

    /** One real row and no absent ones. */
    private final VisionStates second = state(1, new int[] {1}, 20);

    /** One real row, then two absent ones. */
    private final VisionStates third = state(1, new int[] {1, 4, 4}, 30, 38, 39);

    @Test
    void realRowsOfAllImagesComeBeforeAllAbsentOnes() {
        VisionStates joined = VisionStates.join(List.of(first, second, third));

        assertThat(joined.layer(0).keys().toArray()).containsExactly(10, 11, 20, 30, 19, 38, 39);
        assertThat(joined.layer(0).values().toArray()).containsExactly(-10, -11, -20, -30, -19, -38, -39);
        assertThat(joined.multiplicities()).containsExactly(1, 1, 1, 1, 3, 4, 4);
        assertThat(joined.realRows()).isEqualTo(4);
        assertThat(joined.rows()).isEqualTo(7);
        assertThat(new int[] {joined.start(0), joined.start(1), joined.start(2), joined.start(3)}).containsExactly(0, 2, 3, 4);
    }

    @Test
    void oneImageIsNotCopied() {
        assertThat(VisionStates.join(List.of(first))).isSameAs(first);
    }

    @Test
    void keysValuesAndMultiplicitiesAreItsBytes() {
        assertThat(first.bytes()).isEqualTo(4 * (3 + 3 + 3));
        assertThat(VisionStates.join(List.of(first, third)).bytes()).isEqualTo(first.bytes() + third.bytes());
    }

    /** One layer of one column; values are the keys negated. */
    private static VisionStates state(int realRows, int[] multiplicities, float... keys) {
        float[] values = new float[keys.length];
        for (int i = 0; i < keys.length; i++) values[i] = -keys[i];
        KeyValues layer = new KeyValues(new Matrix(keys, 0, keys.length, 1), new Matrix(values, 0, keys.length, 1));
        return new VisionStates(new int[] {0, realRows}, multiplicities, List.of(layer));
    }
}
