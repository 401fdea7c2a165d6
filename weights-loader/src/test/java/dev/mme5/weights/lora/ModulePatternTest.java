package dev.mme5.weights.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModulePatternTest {
    private static final String MODULE = "model.language_model.layers.17.self_attn.q_proj";

    private static ModulePattern pattern(String key, ReadLimit limit) {
        JsonObject patterns = (JsonObject) JsonReader.parse("{}".getBytes(StandardCharsets.UTF_8), "adapter_config.json");
        return ModulePattern.of(patterns, key, limit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            q_proj                                             ; true
            self_attn.q_proj                                   ; true
            attn.q_proj                                        ; false
            model.language_model.layers.17.self_attn.q_proj    ; true
            layers\\.(16|17|18)\\..*(q|k|v|o)_proj             ; true
            layers\\.[0-9]+\\.mlp\\..*_proj                    ; false
            .*layers.*attn.*proj                               ; true
            """)
    void matchesAsPeftDoes(String key, boolean matches) {
        assertThat(pattern(key, new ReadLimit()).matches(MODULE)).isEqualTo(matches);
    }

    /** As adapters have it whose ranks were found module by module. */
    @Test
    void aPatternForEachModuleIsAllowed() {
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < 40; layer++) {
            for (String kind : List.of("self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj")) {
                modules.add("model.language_model.layers." + layer + "." + kind);
            }
        }
        ReadLimit limit = new ReadLimit();
        List<ModulePattern> patterns = modules.stream().map(module -> pattern(module, limit)).toList();

        for (String module : modules) {
            assertThat(patterns.stream().filter(pattern -> pattern.matches(module)).map(ModulePattern::key)).containsExactly(module);
        }
    }

    static Stream<String> patternsWithoutEnd() {
        return Stream.of(
                "(.|.)".repeat(39) + "z", "(.|..)".repeat(30) + "z", ".*".repeat(12) + "z", ".?".repeat(99) + "z",
                // None of these reads a character.
                "(|)".repeat(60), "^?".repeat(100), "(?:^|\\A)".repeat(20) + "(?!)", "()(?:\\1|\\1)" + "(?:\\1|\\1)".repeat(17) + "(?!)",
                "(" + "|".repeat(198) + ")", "(?=)?".repeat(30));
    }

    @ParameterizedTest
    @MethodSource("patternsWithoutEnd")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPatternThatTakesTooLongIsRefusedSoon(String key) {
        assertThatThrownBy(() -> {
            ModulePattern pattern = pattern(key, new ReadLimit());
            for (int module = 0; module < 1_000_000; module++) pattern.matches(MODULE);
        }).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected a simple pattern, found one that takes too long to match");
    }
}
