package dev.mme5.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.family.mllama.tiling.TileGrid;
import dev.mme5.engine.runtime.memory.MemoryEstimate;
import dev.mme5.fuzz.Bounds;
import dev.mme5.fuzz.Fixtures;
import dev.mme5.fuzz.Scratch;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.QuantizationScheme;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration is refused with its key, or is one whose memory can be counted. */
class ConfigFuzzTest {
    private static final Scratch SCRATCH = new Scratch();
    private static final List<TileGrid> ARRANGEMENTS = TileGrid.upTo(4);

    static Stream<byte[]> configs() {
        return Fixtures.ofEveryModel("config.json");
    }

    @MethodSource("configs")
    @FuzzTest
    void config(byte[] json) {
        SCRATCH.put("config.json", json);
        try {
            ModelArchitecture model =
                    Bounds.within(400_000 + 700L * json.length, () -> ModelFamilies.ALL.read(SCRATCH.folder()).architecture());
            MemoryEstimate estimate = MemoryEstimate.of(SCRATCH.folder(), model, Optional.of(QuantizationScheme.INT4), 2);
            assertThat(estimate.text(1)).isPositive();
            assertThat(estimate.prompt(model.maxTokens(), 1)).isPositive();
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(SCRATCH.folder().toString()).doesNotContain("\n");
        }
    }

    static Stream<byte[]> preprocessors() {
        return Fixtures.ofEveryModel("preprocessor_config.json");
    }

    @MethodSource("preprocessors")
    @FuzzTest
    void preprocessor(byte[] json) {
        SCRATCH.put("preprocessor_config.json", json);
        try {
            MllamaImageProcessorConfig config = Bounds.within(400_000 + 700L * json.length,
                    () -> MllamaImageProcessorConfig.read(SCRATCH.folder().resolve("preprocessor_config.json"), ARRANGEMENTS));
            assertThat(config.tileGrids()).isEqualTo(ARRANGEMENTS);
        } catch (ModelFormatException refused) {
            assertThat(refused.getMessage()).startsWith(SCRATCH.folder().toString()).doesNotContain("\n");
        }
    }
}
