package dev.mme5.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.benchmarks.checkpoint.SyntheticConfig;
import dev.mme5.benchmarks.checkpoint.SyntheticShape;
import dev.mme5.engine.family.mllama.MllamaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The count against the reference's own budget (section 13), and against a count by hand of what may be left out (section 12). */
class FlopCountTest {
    @TempDir
    Path folder;

    private FlopCount base;
    private FlopCount instruct;

    @BeforeEach
    void readConfigurations() throws IOException {
        base = flopCount(SyntheticShape.real(448), "base");
        instruct = flopCount(SyntheticShape.real(560), "instruct");
    }

    private FlopCount flopCount(SyntheticShape shape, String name) throws IOException {
        Path model = Files.createDirectory(folder.resolve(name));
        SyntheticConfig.write(model, shape, SyntheticConfig.MINI);
        return new FlopCount(MllamaConfig.read(model));
    }

    /** 31 layers for each token and keys and values in the last; the reference's 13.96 GFLOP a token are 32 layers. */
    @Test
    void oneMoreTokenOfATextCostsItsLinearLayersAndAttention() {
        double linear = 31 * 436.2e6 + 2 * 2.0 * 4096 * 1024;
        double attention = 31 * 4.0 * 4096 * 21 + 4 * 4096;

        assertThat(base.text(21) - base.text(20)).isCloseTo(linear + attention, within(0.0002 * linear));
        assertThat(13.96e9 / 32).isCloseTo(436.2e6, within(0.1e6));
    }

    @Test
    void sharedTokensCostNothing() {
        double shared = 12 * (31 * 436.2e6 + 2 * 2.0 * 4096 * 1024) + 31 * 4.0 * 4096 * (12 * 13 / 2);

        assertThat(base.text(20) - base.text(20, 12)).isCloseTo(shared, within(0.0002 * shared));
        assertThat(base.text(20, 0)).isEqualTo(base.text(20));
    }

    @Test
    void aTextOfTwentyTokensIsAsTheBudgetSaysWithoutTheLastLayersOtherTokens() {
        double lastLayerOfOtherTokens = 19 * (436.2e6 - 2 * 2.0 * 4096 * 1024);

        assertThat(base.text(20) + lastLayerOfOtherTokens).isCloseTo(0.28e12, within(0.005e12));
    }

    /** "Vision with 12.7 applied": the table has all pairs of tokens, those that the mask forbids too, and no projector. */
    @ParameterizedTest
    @CsvSource({"1, 4.1, 7.1", "2, 6.8, 12.3", "3, 9.9, 18.5", "4, 9.9, 18.5"})
    void visionIsAsTheBudgetSays(int realTiles, double teraflops448, double teraflops560) {
        assertThat(withForbiddenPairs(base, realTiles, 1025)).isCloseTo(teraflops448, within(0.06));
        assertThat(withForbiddenPairs(instruct, realTiles, 1601)).isCloseTo(teraflops560, within(0.06));
    }

    private static double withForbiddenPairs(FlopCount flops, int realTiles, int tileTokens) {
        int tiles = Math.min(4, realTiles + 1);
        double padding = (tiles - realTiles) * tileTokens + 1;
        double forbidden = 40 * 4.0 * 1280 * padding * padding;
        double projector = 2.0 * tiles * tileTokens * 7680 * 4096;
        return (flops.vision(true, realTiles) - projector + forbidden) / 1e12;
    }

    @Test
    void absentTilesCostWhatTheDecoderReadsOfThem() {
        double projector = 64.5e9;
        double lastLayer = 2.0 * 1280 * 1025 * (2 * 1280 + 2 * 5120) + 4.0 * 1280 * 1025 * 1025; // queries, outputs, MLP, attention

        assertThat(base.vision(true, 1) - base.vision(false, 1)).isCloseTo(projector + lastLayer, within(0.1e9));
        assertThat(base.vision(true, 4)).isEqualTo(base.vision(false, 4));
    }

    /** Eight layers of queries, outputs, MLP and attention, and keys and values of the image once. */
    @Test
    void aPromptWithAnImageAddsTheCrossLayers() {
        double perToken = base.prompt(21, 0, 4) - base.prompt(20, 0, 4) - (base.text(21) - base.text(20));
        double keysAndValues = base.image(false, 4) - base.vision(false, 4);

        assertThat(base.prompt(20, 0, 4)).isCloseTo(base.text(20) + 20 * perToken, within(1e6));

        assertThat(perToken).isCloseTo(3.36e9 + 0.54e9, within(0.01e9));
        assertThat(keysAndValues).isCloseTo(550e9, within(1e9));
    }

    @Test
    void aTokenBeforeTheImageNeedsNoMlpButAttendsToAllTiles() {
        double mlps = 8 * 2.0 * 3 * 4096 * 14336;
        double attention = 8 * 4.0 * 1025 * 4096;
        double keysAndValues = 8 * 1025 * 2 * 2.0 * 4096 * 1024;

        double prompt = base.prompt(20, 1, 1) - base.prompt(20, 0, 1);
        double image = base.image(true, 1) - base.vision(true, 1) - (base.image(false, 1) - base.vision(false, 1));

        assertThat(prompt).isCloseTo(attention - mlps, within(1e6));
        assertThat(image).isCloseTo(keysAndValues, within(1e6));
    }

    @Test
    void aPromptOfTwentyTokensAboutFourTilesIsMostlyVision() {
        double all = base.image(false, 4) + base.prompt(20, 0, 4);

        assertThat(all / 1e12).isCloseTo(11.1, within(0.15));
        assertThat(base.vision(false, 4) / all).isCloseTo(0.90, within(0.02));
    }
}
