package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizeOptionsTest {
    @TempDir
    Path folder;

    private static QuantizeOptions options(Map<String, float[]> moments, int threads) {
        return new QuantizeOptions(QuantizationScheme.INT4, List.of(), moments, threads);
    }

    @ParameterizedTest
    @CsvSource({"*, '', true", "'', '', true", "'', a, false", "?, a, true", "?, '', false", "a*c, abbc, true", "a*c, abcd, false",
        "*.fc1.*, x.fc1.weight, true", "*.fc1.*, x.fc1, false", "layers.?.mlp, layers.3.mlp, true", "layers.?.mlp, layers.13.mlp, false",
        "*ab*ab, abaab, true", "*ab*ab, aab, false", "a.c, abc, false", "[a]\\E, [a]\\E, true", "\uD83D\uDE00*, \uD83D\uDE00x, true"})
    void starsAndQuestionMarksStandForCharacters(String pattern, String name, boolean matches) {
        assertThat(QuantizeOptions.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyStarsTakeNoTime() {
        assertThat(QuantizeOptions.matches("*a".repeat(30) + "b", "a".repeat(200))).isFalse();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> options(Map.of(), 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 0, expected 1 to 1024");
        assertThatThrownBy(() -> options(Map.of(), 1025)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 1025, expected 1 to 1024");
        assertThatThrownBy(() -> options(Map.of("a", new float[] {1, Float.NaN}), 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moments of a: expected finite numbers from 0, found NaN");
        assertThatThrownBy(() -> options(Map.of("a", new float[] {Float.POSITIVE_INFINITY}), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moments of a: expected finite numbers from 0, found Infinity");
        assertThatThrownBy(() -> options(Map.of("a", new float[] {-1}), 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moments of a: expected finite numbers from 0, found -1.0");
    }

    @Test
    void laterChangesOfTheArraysDoNotCount() {
        float[] squares = {1, 2};
        QuantizeOptions options = options(Map.of("a", squares), 1);
        squares[0] = Float.NaN;

        assertThat(options.moments().get("a")).containsExactly(1, 2);
    }

    @Test
    void momentsMustFitTheirWeight() {
        QuantizeOptions three = options(Map.of("language_model.layers.0.mlp.down_proj.weight", new float[3]), 1);

        assertThatThrownBy(() -> Quantizer.quantize(Golden.read("a-bf16-hub").folder(), folder.resolve("q"), three, (done, all) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("moments of language_model.layers.0.mlp.down_proj.weight: expected ")
                .hasMessageEndingWith("found 3");
        assertThat(folder).isEmptyDirectory();
    }
}
