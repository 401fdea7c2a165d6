package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void theDefaultsAreTheReferencesBehaviour() {
        Options options = Options.defaults();

        assertThat(options.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(options.kernels()).isEqualTo(KernelChoice.AUTO);
        assertThat(options.maxTokens()).isZero();
        assertThat(options.maxPixels()).isEqualTo(178_956_970);
        assertThat(options.refuseTooLong() || options.dropDuplicateBos() || options.applyExif() || options.verify()).isFalse();
    }

    @Test
    void eachOptionCanBeChangedAlone() {
        Options options = Options.defaults();

        assertThat(options.withThreads(3).threads()).isEqualTo(3);
        assertThat(options.withKernels(KernelChoice.SCALAR).kernels()).isEqualTo(KernelChoice.SCALAR);
        assertThat(options.withMaxTokens(7).maxTokens()).isEqualTo(7);
        assertThat(options.withRefuseTooLong(true).refuseTooLong()).isTrue();
        assertThat(options.withMaxPixels(9).maxPixels()).isEqualTo(9);
        assertThat(options.withDropDuplicateBos(true).dropDuplicateBos()).isTrue();
        assertThat(options.withApplyExif(true).applyExif()).isTrue();
        assertThat(options.withVerify(true).verify()).isTrue();
        assertThat(options.withImageCacheBytes(5).imageCacheBytes()).isEqualTo(5);
        assertThat(options.withMaxWait(Duration.ofSeconds(2)).maxWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.withMaxWait(Duration.ZERO).withMaxWait(null)).isEqualTo(options);
        assertThat(options.withMaxWaiting(6).maxWaiting()).isEqualTo(6);
    }

    /** Every option is kept when another is changed, takes part in equality, and is printed. */
    @Test
    void noOptionIsForgotten() {
        List<UnaryOperator<Options>> changes = List.of(
                options -> options.withThreads(99), options -> options.withKernels(KernelChoice.SCALAR),
                options -> options.withMaxTokens(98),
                options -> options.withRefuseTooLong(true), options -> options.withMaxPixels(97),
                options -> options.withDropDuplicateBos(true),
                options -> options.withApplyExif(true), options -> options.withImageCacheBytes(96), options -> options.withVerify(true),
                options -> options.withPrefixCacheBytes(93), options -> options.withMaxWait(Duration.ofMillis(95)),
                options -> options.withMaxWaiting(94));
        Options all = Options.defaults();
        for (UnaryOperator<Options> change : changes) all = change.apply(all);

        for (UnaryOperator<Options> change : changes) {
            assertThat(change.apply(all)).isEqualTo(all).hasSameHashCodeAs(all);
            assertThat(change.apply(Options.defaults())).isNotEqualTo(Options.defaults());
        }
        assertThat(all).hasToString("Options[threads=99, kernels=SCALAR, maxTokens=98, refuseTooLong=true, maxPixels=97, "
                + "dropDuplicateBos=true, applyExif=true, imageCacheBytes=96, prefixCacheBytes=93, verify=true, maxWait=PT0.095S, "
                + "maxWaiting=94]");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Options options = Options.defaults();

        assertThatThrownBy(() -> options.withThreads(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("threads is 0");
        assertThatThrownBy(() -> options.withThreads(Options.MAX_THREADS + 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads is 1025, expected at most 1024");
        assertThat(options.withThreads(Options.MAX_THREADS).threads()).isEqualTo(1024);
        assertThatThrownBy(() -> options.withMaxTokens(-1)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxTokens is -1");
        assertThatThrownBy(() -> options.withMaxPixels(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxPixels is 0");
        assertThatThrownBy(() -> options.withImageCacheBytes(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imageCacheBytes is -1");
        assertThatThrownBy(() -> options.withMaxWait(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxWait is PT-0.001S");
        assertThatThrownBy(() -> options.withMaxWaiting(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxWaiting is -1");
        assertThatThrownBy(() -> options.withKernels(null)).isInstanceOf(NullPointerException.class);
    }
}
