package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exact sizes of the 11B model's folders, from the shapes of its tensors (reference section 3): no weight is there. */
class SizesTest {
    private static final List<Integer> CROSS = List.of(3, 8, 13, 18, 23, 28, 33, 38);
    private static final long EMBEDDING_BYTES = 2L * 128_264 * 4096;

    @TempDir
    Path folder;

    private final Map<String, MappedTensor> tensors = new LinkedHashMap<>();
    private MemorySegment hole;

    @Test
    void theLargeModelInEightAndInFourBits() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type":"mllama","image_token_index":128256,
                "text_config":{"hidden_size":4096,"num_hidden_layers":40,"num_attention_heads":32,"num_key_value_heads":8,
                "intermediate_size":14336,"vocab_size":128256,"cross_attention_layers":[3,8,13,18,23,28,33,38]},
                "vision_config":{"hidden_size":1280,"num_hidden_layers":32,"num_global_layers":8,"intermediate_size":5120,
                "attention_heads":16,"image_size":448,"patch_size":14}}""");
        ModelFamilies.Found model = ModelFamilies.ALL.read(folder);
        Path file = folder.resolve("hole");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw"); Arena arena = Arena.ofConfined()) {
            sparse.setLength(EMBEDDING_BYTES);
            hole = sparse.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, EMBEDDING_BYTES, arena);
            addAll();

            long source = tensors.values().stream().mapToLong(tensor -> tensor.bytes().byteSize()).sum();
            Set<String> read = new HashSet<>(tensors.keySet());
            read.remove("language_model.lm_head.weight");
            QuantizationPlan int8 =
                    QuantizationPlan.of(tensors, model, read, new WeightFormat(QuantizationScheme.INT8, false), name -> false);
            QuantizationPlan int4 =
                    QuantizationPlan.of(tensors, model, read, new WeightFormat(QuantizationScheme.INT4, false), name -> false);

            assertThat(source).isEqualTo(21_285_882_950L);
            assertThat(int8.bytes()).isLessThan(10_400_000_000L).isEqualTo(10_287_862_106L);
            assertThat(int4.bytes()).isLessThan(5_700_000_000L).isEqualTo(5_665_935_706L);
            assertThat(int8.shards(4_900_000_000L)).hasSize(3);
            assertThat(int4.shards(4_900_000_000L)).hasSize(2);
        }
    }

    private void addAll() {
        add("language_model.embed_tokens.weight", 128_264, 4096);
        for (int i = 0; i < 40; i++) {
            String layer = "language_model.layers." + i + ".";
            String attention = layer + (CROSS.contains(i) ? "cross_attn." : "self_attn.");
            for (String part : List.of("q_proj", "o_proj")) add(attention + part + ".weight", 4096, 4096);
            for (String part : List.of("k_proj", "v_proj")) add(attention + part + ".weight", 1024, 4096);
            for (String part : List.of("gate_proj", "up_proj")) add(layer + "mlp." + part + ".weight", 14_336, 4096);
            add(layer + "mlp.down_proj.weight", 4096, 14_336);
            add(layer + "input_layernorm.weight", 4096);
            add(layer + "post_attention_layernorm.weight", 4096);
            if (!CROSS.contains(i)) continue;
            for (String part : List.of("q_norm", "k_norm")) add(attention + part + ".weight", 128);
            for (String part : List.of("cross_attn_attn_gate", "cross_attn_mlp_gate")) add(layer + part, 1);
        }
        add("language_model.norm.weight", 4096);
        add("language_model.lm_head.weight", 128_256, 4096);
        add("multi_modal_projector.weight", 4096, 7680);
        add("multi_modal_projector.bias", 4096);
        add("vision_model.patch_embedding.weight", 1280, 3, 14, 14);
        add("vision_model.class_embedding", 1280);
        add("vision_model.gated_positional_embedding.embedding", 1025, 1280);
        add("vision_model.gated_positional_embedding.gate", 1);
        add("vision_model.gated_positional_embedding.tile_embedding.weight", 9, 4L * 1025 * 1280);
        for (String when : List.of("pre", "post")) {
            add("vision_model." + when + "_tile_positional_embedding.embedding.weight", 9, 4 * 1280);
            add("vision_model." + when + "_tile_positional_embedding.gate", 1);
            norm("vision_model.layernorm_" + when);
        }
        for (int i = 0; i < 32; i++) visionLayer("vision_model.transformer.layers." + i + ".", false);
        for (int i = 0; i < 8; i++) visionLayer("vision_model.global_transformer.layers." + i + ".", true);
    }

    private void visionLayer(String layer, boolean gated) {
        for (String part : List.of("q", "k", "v", "o")) add(layer + "self_attn." + part + "_proj.weight", 1280, 1280);
        add(layer + "mlp.fc1.weight", 5120, 1280);
        add(layer + "mlp.fc1.bias", 5120);
        add(layer + "mlp.fc2.weight", 1280, 5120);
        add(layer + "mlp.fc2.bias", 1280);
        norm(layer + "input_layernorm");
        norm(layer + "post_attention_layernorm");
        if (!gated) return;
        for (String gate : List.of("gate_attn", "gate_ffn")) add(layer + gate, 1);
    }

    private void norm(String name) {
        add(name + ".weight", 1280);
        add(name + ".bias", 1280);
    }

    private void add(String name, long... dims) {
        Shape shape = new Shape(dims);
        tensors.put(name, new MappedTensor("file", name, DType.BF16, shape, hole.asSlice(0, DType.BF16.bytes(shape))));
    }
}
