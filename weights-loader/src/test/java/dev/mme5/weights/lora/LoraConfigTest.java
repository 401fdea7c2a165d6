package dev.mme5.weights.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoraConfigTest {
    private static final List<String> KINDS = List.of(
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj",
            "mlp.down_proj");

    @TempDir
    Path folder;

    private LoraConfig config(String ranks, String alphas) throws IOException {
        return LoraConfig.read(Files.writeString(folder.resolve(LoraConfig.FILE),
                "{\"r\": 4, \"lora_alpha\": 8, \"rank_pattern\": {%s}, \"alpha_pattern\": {%s}}".formatted(ranks, alphas)));
    }

    private static List<String> modules(int layers) {
        List<String> modules = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            for (String kind : KINDS) modules.add("model.language_model.layers." + layer + "." + kind);
        }
        return modules;
    }

    private static String members(List<String> keys, int value) {
        return keys.stream().map(key -> "\"" + key.replace("\\", "\\\\") + "\": " + value).collect(Collectors.joining(", "));
    }

    /** As adapters have it whose ranks were found module by module. */
    @Test
    void aRankAndAnAlphaForEachModuleAreRead() throws IOException {
        List<String> modules = modules(40);

        LoraConfig config = config(members(modules, 16), members(modules, 48));

        assertThat(modules).hasSize(280).allSatisfy(module -> assertThat(config.scaling(module, 16)).isEqualTo(3f));
        assertThat(config.scaling("model.language_model.layers.40.self_attn.q_proj", 4)).isEqualTo(2f);
    }

    @Test
    void thePatternsTogetherHaveALimit() {
        assertThatThrownBy(() -> config(members(modules(300), 4), "")).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("rank_pattern").hasMessageContaining("expected shorter or fewer patterns");
    }
}
