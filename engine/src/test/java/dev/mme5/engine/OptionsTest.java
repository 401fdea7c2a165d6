package dev.mme5.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

        assertThat(options.withThreads(3)).isEqualTo(new Options(
                3, KernelChoice.AUTO, 0, false, options.maxPixels(), false, false, options.imageCacheBytes(), false));
        assertThat(options.withKernels(KernelChoice.SCALAR).kernels()).isEqualTo(KernelChoice.SCALAR);
        assertThat(options.withMaxTokens(7).maxTokens()).isEqualTo(7);
        assertThat(options.withRefuseTooLong(true).refuseTooLong()).isTrue();
        assertThat(options.withMaxPixels(9).maxPixels()).isEqualTo(9);
        assertThat(options.withDropDuplicateBos(true).dropDuplicateBos()).isTrue();
        assertThat(options.withApplyExif(true).applyExif()).isTrue();
        assertThat(options.withVerify(true).verify()).isTrue();
        assertThat(options.withImageCacheBytes(5).imageCacheBytes()).isEqualTo(5);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Options options = Options.defaults();

        assertThatThrownBy(() -> options.withThreads(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("threads is 0");
        assertThatThrownBy(() -> options.withMaxTokens(-1)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxTokens is -1");
        assertThatThrownBy(() -> options.withMaxPixels(0)).isInstanceOf(IllegalArgumentException.class).hasMessage("maxPixels is 0");
        assertThatThrownBy(() -> options.withImageCacheBytes(-1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imageCacheBytes is -1");
        assertThatThrownBy(() -> options.withKernels(null)).isInstanceOf(NullPointerException.class);
    }
}
