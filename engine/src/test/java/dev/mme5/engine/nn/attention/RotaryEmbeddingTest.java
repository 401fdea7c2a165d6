package dev.mme5.engine.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.engine.kernel.api.Matrix;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryEmbeddingTest {
    private static final int HEAD_SIZE = 8;

    /** Frequencies 1, 0.1, 0.01 and 0.001: wavelengths of 6.3, 63, 628 and 6283 positions. */
    private static final double THETA = 10_000;

    @Test
    void withoutScalingFrequenciesArePowersOfTheta() {
        float[] frequencies = RotaryEmbedding.frequencies(new RopeConfig(THETA, Optional.empty()), HEAD_SIZE);

        assertThat(frequencies).containsExactly(new float[] {1, 0.1f, 0.01f, 0.001f}, within(1e-8f));
    }

    /** A factor of 8; low_freq_factor 1 and high_freq_factor 4 of the original positions. */
    @ParameterizedTest
    @CsvSource({
        // positions, 6.3,    63,      628,        6283
        "1024,        1,      0.1,     0.00308658, 0.000125", // kept below 256, blended from 256 to 1024, divided above
        "100000,      1,      0.1,     0.01,       0.001",    // all are short against the context
        "4,           0.125,  0.0125,  0.00125,    0.000125", // all are long
        "8,           0.204695, 0.0125, 0.00125,    0.000125"  // the first is blended: 8 / 6.283 = 1.273
    })
    void llama3ScalingKeepsBlendsOrDividesByWavelength(int positions, float first, float second, float third, float fourth) {
        RopeConfig config = new RopeConfig(THETA, Optional.of(new RopeConfig.Llama3Scaling(8, 1, 4, positions)));

        float[] frequencies = RotaryEmbedding.frequencies(config, HEAD_SIZE);

        float[] expected = {first, second, third, fourth};
        for (int i = 0; i < expected.length; i++) {
            assertThat(frequencies[i]).as("frequency " + i).isCloseTo(expected[i], within(expected[i] * 1e-4f));
        }
    }

    @Test
    void anglesArePositionTimesFrequency() {
        RotaryEmbedding rope = new RotaryEmbedding(new RopeConfig(THETA, Optional.empty()), HEAD_SIZE);

        Matrix cos = rope.cos(50);
        Matrix sin = rope.sin(50);

        assertThat(cos.rows()).isEqualTo(50);
        assertThat(cos.cols()).isEqualTo(HEAD_SIZE / 2);
        assertThat(cos.at(0, 3)).isEqualTo(1);
        assertThat(sin.at(0, 3)).isZero();
        assertThat(cos.at(49, 1)).isCloseTo((float) Math.cos(4.9), within(1e-6f));
        assertThat(sin.at(49, 1)).isCloseTo((float) Math.sin(4.9), within(1e-6f));
    }

    @Test
    void morePositionsChangeNoBitOfTheOthers() {
        RopeConfig config = new RopeConfig(THETA, Optional.empty());
        RotaryEmbedding grown = new RotaryEmbedding(config, HEAD_SIZE);
        float[] few = grown.cos(3).toArray();
        grown.cos(5000);

        assertThat(grown.cos(3).toArray()).isEqualTo(few);
        assertThat(grown.sin(5000).toArray()).isEqualTo(new RotaryEmbedding(config, HEAD_SIZE).sin(5000).toArray());
    }
}
