package dev.mme5.engine.family.mllama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.engine.testing.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sums written out, against those that the allocations give. */
class MllamaMemoryEstimateTest {
    private final MllamaConfig config = MllamaConfig.read(Golden.read("a-bf16-hub").folder());
    private final TextConfig text = config.text();
    private final VisionConfig vision = config.vision();
    private final MllamaMemoryEstimate estimate = new MllamaMemoryEstimate(config);

    private long decoder(long tokens) {
        return 4 * (tokens * (3L * text.hidden() + 2L * text.kvWidth()) + 2 * Math.min(tokens, 512) * text.mlpHidden()
                + 2L * text.hidden());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 511, 512, 513, 131_072, 1L << 40})
    void aTextTakesTheDecodersBuffers(long tokens) {
        assertThat(estimate.bytes(tokens, 1, 0)).isEqualTo(decoder(tokens));
        assertThat(estimate.bytes(tokens, 7, 0)).isEqualTo(decoder(tokens) + 4L * 6 * 2 * text.hidden());
        assertThat(estimate.maxRows(tokens, 0)).isEqualTo(tokens);
        assertThat(estimate.maxWidth(0)).isEqualTo(text.mlpHidden());
    }

    @Test
    void anImageTakesTheEncoderOrTheDecoderWithItsStates() {
        long tokens = (long) vision.maxTiles() * vision.tileTokens();
        long encoder = 4L * (tokens + vision.maxTiles()) * vision.hidden() * 5
                + 4L * Math.min(tokens + vision.maxTiles(), 1024) * vision.mlpHidden()
                + 4L * tokens * vision.features()
                + 4L * 2 * 3 * vision.tileSize() * vision.tileSize()
                + 4L * (vision.maxTiles() + 1) * vision.tileTokens() * vision.hidden();
        long states = 4L * 2 * text.crossAttentionLayers().size() * tokens * text.kvWidth();
        long canvas = 3L * vision.maxTiles() * vision.tileSize() * vision.tileSize();

        assertThat(estimate.bytes(1, 1, 1)).isEqualTo(encoder);
        assertThat(estimate.bytes(1, 1, 3)).isEqualTo(Math.max(encoder + 2 * states, decoder(1) + 6 * states));
        assertThat(estimate.bytes(100_000, 1, 1)).isEqualTo(decoder(100_000) + states);
        assertThat(estimate.bytes(100_000, 1, 2)).as("joined").isEqualTo(decoder(100_000) + 4 * states);
        assertThat(estimate.preparedBytes(3)).isEqualTo(3 * canvas);
        assertThat(estimate.maxRows(20, 1)).isEqualTo(tokens);
        assertThat(estimate.maxWidth(1)).isEqualTo(Math.max(text.mlpHidden(), vision.features()));
    }
}
