package dev.mme5.engine.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.kernel.gemm.ChunkLimits;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.int4.Int4PackingLimits;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final long MB = 1 << 20;
    private static final Path FOLDER = Golden.ROOT.resolve("models/a-bf16-hub");

    private final MllamaConfig config = MllamaConfig.read(FOLDER);
    private final MemoryEstimate estimate = estimate(Optional.empty());

    private static MemoryEstimate estimate(Optional<QuantizationScheme> scheme) {
        return MemoryEstimate.of(FOLDER, ModelFamilies.ALL.read(FOLDER).architecture(), scheme, 2);
    }

    @Test
    void whatTheHeapCannotHoldIsRefusedWithTheNumbers() {
        MemoryCheck check = new MemoryCheck(estimate, 16 * MB, Long.MAX_VALUE);

        check.requireInput(20, 1);
        assertThatThrownBy(() -> check.requireInput(100_000, 0))
                .isInstanceOf(RefusedInputException.class)
                .hasMessage("100000 tokens and 0 images need %d MB of heap, the JVM has 16 MB (raise it with -Xmx)"
                        .formatted(Math.ceilDiv(estimate.text(100_000), MB)));
    }

    @Test
    void whatTheContainerCannotHoldIsRefusedThoughTheHeapMay() {
        MemoryCheck check = new MemoryCheck(estimate, 4096 * MB, 200 * MB);

        check.requireModel(FOLDER, 0);
        assertThatThrownBy(() -> check.requireInput(100_000, 0))
                .hasMessage("100000 tokens and 0 images need %d MB of memory, the machine or container has 200 MB"
                        .formatted(Math.ceilDiv(estimate.text(100_000) + MachineMemory.BESIDE_HEAP, MB)));
    }

    @Test
    void aModelThatCannotTakeAShortTextOrTheOneAskedForIsNotOpened() {
        MemoryCheck tiny = new MemoryCheck(estimate, 10 * MB, Long.MAX_VALUE);
        MemoryCheck small = new MemoryCheck(estimate, 16 * MB, Long.MAX_VALUE);

        assertThatThrownBy(() -> tiny.requireModel(FOLDER, 0)).isInstanceOf(Failure.Unsuitable.class)
                .hasMessage("%s: a text of 20 tokens needs %d MB of heap, the JVM has 10 MB (raise it with -Xmx)"
                        .formatted(FOLDER, Math.ceilDiv(estimate.text(20), MB)));
        small.requireModel(FOLDER, 0);
        small.requireModel(FOLDER, 100);
        assertThatThrownBy(() -> small.requireModel(FOLDER, 120_000)).hasMessageContaining(": a text of 120000 tokens needs ");
        new MemoryCheck(estimate, 1024 * MB, Long.MAX_VALUE).requireModel(FOLDER, Integer.MAX_VALUE);
    }

    @Test
    void fewerTokensGoTogetherWhereTheHeapIsSmall() {
        assertThat(estimate.batchTokens(4096 * MB)).isEqualTo(512);
        assertThat(estimate.batchTokens(10 * MB)).isEqualTo(32);
        int previous = 0;
        for (long heap = 12 * MB; heap < 64 * MB; heap += MB) {
            int tokens = estimate.batchTokens(heap);
            assertThat(tokens).isGreaterThanOrEqualTo(previous);
            if (tokens > 32) assertThat(estimate.text(tokens)).isLessThanOrEqualTo(heap / 4 * 3);
            previous = tokens;
        }
    }

    @Test
    void activationCodesOfInt4CountUpToTheKernelsLimit() {
        MemoryEstimate int4 = estimate(Optional.of(QuantizationScheme.INT4));
        int blocks = Math.ceilDiv(config.text().mlpHidden(), 32);

        assertThat(int4.text(320) - estimate.text(320)).isEqualTo(331 * blocks * 32 * 2 + 320 * blocks * 8);
        assertThat(int4.text(1_000_000) - estimate.text(1_000_000)).isEqualTo(516 * blocks * (32 * 2 + 8));
        assertThat(Int4PackingLimits.retainedBytes(1_000_000, 14_336)).isEqualTo(9 << 20);
        assertThat(int4.idle()).isGreaterThan(estimate.idle());
        assertThat(estimate(Optional.of(QuantizationScheme.INT8)).text(320)).isEqualTo(estimate.text(320));
        assertThat(int4.prompt(20, 1)).isGreaterThan(estimate.prompt(20, 1));
    }

    /** What matmuls retain depends on the tokens of the run: texts that are accepted together must not go one by one. */
    @Test
    void whatIsAcceptedTogetherFits() {
        MemoryCheck check = new MemoryCheck(estimate, estimate.prompt(32, 0), Long.MAX_VALUE);

        assertThat(check.fits(32, 0)).isTrue();
        assertThat(check.bytesToDecode()).isLessThan(estimate.pass(32, 0));
        assertThat(new MemoryCheck(estimate, estimate.prompt(32, 0) - 1, Long.MAX_VALUE).fits(32, 0)).isFalse();
    }

    @Test
    void copiesOfWeightsAreHeldByTheOpenModel() {
        MemoryCheck without = new MemoryCheck(estimate, 4096 * MB, Long.MAX_VALUE);
        long copies = 512 * MB;
        MemoryCheck with = without.withCopies(copies);

        assertThat(with.estimate().open()).isEqualTo(estimate.open() + copies);
        assertThat(with.estimate().text(20)).isEqualTo(estimate.text(20) + copies);
        assertThat(with.bytesToDecode()).isEqualTo(without.bytesToDecode() - copies);
        assertThat(without.withCopies(copies + 1)).as("more than an eighth of the heap").isEqualTo(without);
    }

    /** Weights are multiplied with chunks of tokens only where they are copied. */
    @Test
    void besideCopiesEachThreadHoldsChunks() {
        Path encoder = Golden.ENCODERS.resolve("models/bert-cls");
        MemoryEstimate without = MemoryEstimate.of(encoder, ModelFamilies.ALL.read(encoder).architecture(), Optional.empty(), 3);
        MemoryEstimate with = without.withCopiedBytes(100);

        assertThat(with.open()).isEqualTo(without.open() + 100 + 3 * Float.BYTES * ChunkLimits.retainedFloats(32, 64));
    }

    /** Copies make a model faster; they must not refuse what it accepts without them. */
    @Test
    void aModelThatCouldNotTakeItsLongestTextBesideCopiesHasNone() {
        long longest = estimate.text(estimate.maxTokens());
        long copies = longest / 16;

        MemoryCheck tight = new MemoryCheck(estimate, longest + copies - 1, Long.MAX_VALUE);
        assertThat(tight.withCopies(copies)).isEqualTo(tight);
        MemoryCheck enough = new MemoryCheck(estimate, longest + copies, Long.MAX_VALUE);
        assertThat(enough.withCopies(copies).estimate().copiedBytes()).isEqualTo(copies);
    }

    @Test
    void decodingMayTakeWhatTheIdleModelLeaves() {
        MemoryCheck check = new MemoryCheck(estimate, 64 * MB, Long.MAX_VALUE);

        assertThat(check.bytesToDecode()).isEqualTo(64 * MB - estimate.idle());
        assertThat(estimate.decoding(1000)).isEqualTo(estimate.idle() + 6000);
    }

    /** Matmuls retain packed activations for the next ones. */
    @Test
    void whatMatmulsRetainIsMissingWhenAnImageIsDecoded() {
        int widest = config.vision().features();

        assertThat(estimate.idle() - estimate.open()).isEqualTo(PackingLimits.retainedBytes(PackingLimits.MAX_TOKENS, widest)).isPositive();
        assertThat(estimate.prompt(2000, 1)).isEqualTo(estimate.idle() + estimate.pass().preparedBytes(1) + estimate.pass(2000, 1));
        assertThat(estimate.prompt(20, 0)).isLessThan(estimate.idle() + estimate.pass(20, 0));
    }
}
