package dev.mme5.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.InputException;
import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.MllamaMemoryEstimate;
import dev.mme5.engine.kernel.gemm.PackingLimits;
import dev.mme5.engine.kernel.int4.Int4PackingLimits;
import dev.mme5.engine.testing.Golden;
import dev.mme5.weights.QuantizationScheme;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static final long MB = 1 << 20;
    private static final Path FOLDER = Golden.ROOT.resolve("models/a-bf16-hub");

    private final MllamaMemoryEstimate plan = new MllamaMemoryEstimate(MllamaConfig.read(FOLDER), Optional.empty(), 2);

    @Test
    void whatTheHeapCannotHoldIsRefusedWithTheNumbers() {
        MemoryCheck check = new MemoryCheck(plan, 16 * MB, Long.MAX_VALUE);

        check.requireInput(20, 1);
        assertThatThrownBy(() -> check.requireInput(100_000, 0))
                .isInstanceOf(InputException.class)
                .hasMessage("100000 tokens and 0 pictures need %d MB of heap, the JVM has 16 MB (raise it with -Xmx)"
                        .formatted(Math.ceilDiv(plan.text(100_000), MB)));
    }

    @Test
    void whatTheContainerCannotHoldIsRefusedThoughTheHeapMay() {
        MemoryCheck check = new MemoryCheck(plan, 4096 * MB, 200 * MB);

        check.requireModel(FOLDER, 0);
        assertThatThrownBy(() -> check.requireInput(100_000, 0))
                .hasMessage("100000 tokens and 0 pictures need %d MB of memory, the machine or container has 200 MB"
                        .formatted(Math.ceilDiv(plan.text(100_000) + MachineMemory.BESIDE_HEAP, MB)));
    }

    @Test
    void aModelThatCannotTakeAShortTextOrTheOneAskedForIsNotOpened() {
        MemoryCheck tiny = new MemoryCheck(plan, 10 * MB, Long.MAX_VALUE);
        MemoryCheck small = new MemoryCheck(plan, 16 * MB, Long.MAX_VALUE);

        assertThatThrownBy(() -> tiny.requireModel(FOLDER, 0)).isInstanceOf(IllegalStateException.class)
                .hasMessage("%s: a text of 20 tokens needs %d MB of heap, the JVM has 10 MB (raise it with -Xmx)"
                        .formatted(FOLDER, Math.ceilDiv(plan.text(20), MB)));
        small.requireModel(FOLDER, 0);
        small.requireModel(FOLDER, 100);
        assertThatThrownBy(() -> small.requireModel(FOLDER, 120_000)).hasMessageContaining(": a text of 120000 tokens needs ");
        new MemoryCheck(plan, 1024 * MB, Long.MAX_VALUE).requireModel(FOLDER, Integer.MAX_VALUE);
    }

    @Test
    void fewerTokensGoTogetherWhereTheHeapIsSmall() {
        assertThat(plan.tokensAtOnce(4096 * MB)).isEqualTo(512);
        assertThat(plan.tokensAtOnce(10 * MB)).isEqualTo(32);
        int before = 0;
        for (long heap = 12 * MB; heap < 64 * MB; heap += MB) {
            int tokens = plan.tokensAtOnce(heap);
            assertThat(tokens).isGreaterThanOrEqualTo(before);
            if (tokens > 32) assertThat(plan.text(tokens)).isLessThanOrEqualTo(heap / 4 * 3);
            before = tokens;
        }
    }

    @Test
    void activationsOfFourBitProductsCountUpToWhatTheKernelHoldsAtATime() {
        MllamaMemoryEstimate fourBits = new MllamaMemoryEstimate(plan.config(), Optional.of(QuantizationScheme.INT4), 2);
        int blocks = Math.ceilDiv(plan.config().text().mlpHidden(), 32);

        assertThat(fourBits.text(320) - plan.text(320)).isEqualTo(320 * blocks * (32 * 2 + 4));
        assertThat(fourBits.text(1_000_000) - plan.text(1_000_000)).isEqualTo(516 * blocks * (32 * 2 + 4));
        assertThat(Int4PackingLimits.retainedBytes(1_000_000, 14_336)).isEqualTo((8 << 20) + (512 << 10));
        assertThat(fourBits.idle()).isGreaterThan(plan.idle());
        assertThat(new MllamaMemoryEstimate(plan.config(), Optional.of(QuantizationScheme.INT8), 2).text(320)).isEqualTo(plan.text(320));
        assertThat(fourBits.prompt(20, 1)).isGreaterThan(plan.prompt(20, 1));
    }

    /** What products keep depends on the tokens of the run: texts that are accepted together must not go one by one. */
    @Test
    void whatIsAcceptedTogetherFits() {
        MemoryCheck check = new MemoryCheck(plan, plan.prompt(32, 0), Long.MAX_VALUE);

        assertThat(check.fits(32, 0)).isTrue();
        assertThat(check.roomBeside(32, 0)).isNegative();
        assertThat(new MemoryCheck(plan, plan.prompt(32, 0) - 1, Long.MAX_VALUE).fits(32, 0)).isFalse();
    }

    @Test
    void whatIsLeftBesideAPassIsTheHeapWithoutIt() {
        MemoryCheck check = new MemoryCheck(plan, 64 * MB, Long.MAX_VALUE);

        assertThat(check.roomBeside(20, 1)).isEqualTo(64 * MB - plan.idle() - plan.pass(20, 1));
        assertThat(check.roomToDecode()).isEqualTo(64 * MB - plan.idle());
        assertThat(plan.decoding(1000)).isEqualTo(plan.idle() + 6000);
    }

    /** Products keep the tokens that they turned for the next ones. */
    @Test
    void whatTheProductsKeepIsMissingWhenAPictureIsDecoded() {
        int widest = plan.config().vision().features();

        assertThat(plan.idle() - plan.open()).isEqualTo(PackingLimits.retainedBytes(PackingLimits.MAX_TOKENS, widest)).isPositive();
        assertThat(plan.prompt(2000, 1)).isEqualTo(plan.idle() + plan.pass(2000, 1));
        assertThat(plan.prompt(20, 0)).isLessThan(plan.idle() + plan.pass(20, 0));
    }
}
