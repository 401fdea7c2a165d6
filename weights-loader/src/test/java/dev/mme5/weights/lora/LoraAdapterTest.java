package dev.mme5.weights.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraAdapterTest {
    @ParameterizedTest
    @CsvSource({
        "layers.0.q_proj.lora_A.weight, true", "layers.0.q_proj.lora_embedding_B, true", "layers.0.q_proj.base_layer.weight, true",
        "score.modules_to_save.default.weight, true", "x.hada_w1_a, true", "x.oft_R.default, true",
        "base_layer.weight, false", "layers.0.lora_.weight, false", "layers.0.lora_A1.weight, false", "layers.0.my_base_layer, false",
        "layers.0.q_proj.weight, false", "x., false", "., false", "x, false"})
    void aSegmentTellsThatATensorIsOfAnAdapter(String name, boolean isLeftover) {
        assertThat(LoraAdapter.isLeftover(name)).isEqualTo(isLeftover);
    }

    /** A regular expression for the whole name read its end again from each segment. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void longNamesAreReadOnce() {
        assertThat(LoraAdapter.isLeftover("x" + ".lora_a\n".repeat(100_000))).isFalse();
        assertThat(LoraAdapter.isLeftover("x" + ".lora_a".repeat(100_000) + "\n")).isTrue();
    }
}
