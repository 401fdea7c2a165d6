package dev.mme5.benchmarks.checkpoint;

import dev.mme5.weights.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a synthetic checkpoint: widths of the real model, any number of layers (reference section 2).
 *
 * @param tile side of a tile in pixels: 448 as in the base model, or 560
 * @param textLayers number of decoder layers
 * @param crossLayers decoder layers with cross-attention
 * @param visionLayers number of local vision layers
 * @param globalLayers number of global vision layers
 * @param intermediate vision layers whose inputs are features
 */
public record SyntheticShape(
        int tile, int textLayers, List<Integer> crossLayers, int visionLayers, int globalLayers, List<Integer> intermediate) {
    static final int VOCABULARY = 128_256;
    static final int WIDTH = 4096;
    static final int KV_WIDTH = 1024;
    static final int HEAD = 128;
    static final int MLP = 14_336;
    static final int VISION_WIDTH = 1280;
    static final int VISION_MLP = 5120;
    static final int PATCH = 14;
    public static final int TILES = 4;
    static final int[][] GRIDS = {{1, 1}, {1, 2}, {1, 3}, {1, 4}, {2, 1}, {2, 2}, {3, 1}, {4, 1}};

    /** Distribution of the values of a tensor. */
    enum Values {
        /** Normal, with a deviation that keeps the scale of activations: 1 / √in. */
        LINEAR,
        /** Normal, deviation 0.02. */
        SMALL,
        /** Around 1, as weights of norms. */
        NORM,
        /** One gate, around half open, as trained gates are. */
        GATE,
        /** A table of aspect ratio ids by tiles, zero for absent tiles. */
        TILE_TABLE
    }

    /** One synthetic tensor. */
    record Tensor(String name, Shape shape, Values values) {}

    /** All layers of the 11B model. */
    public static SyntheticShape real(int tile) {
        return new SyntheticShape(tile, 40, List.of(3, 8, 13, 18, 23, 28, 33, 38), 32, 8, List.of(3, 7, 15, 23, 30));
    }

    /** Real widths, few layers: 2 self-attention and 1 cross-attention layers, 2 local and 1 global vision layers. */
    static SyntheticShape few(int tile) {
        return new SyntheticShape(tile, 3, List.of(1), 2, 1, List.of(0, 1));
    }

    int tileTokens() {
        return (tile / PATCH) * (tile / PATCH) + 1;
    }

    int features() {
        return VISION_WIDTH * (1 + intermediate.size());
    }

    /** Bytes of all tensors: 21,285,882,950 in the index of the published 448-pixel checkpoint. */
    long bytes() {
        return Short.BYTES * tensors().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    }

    /** Every tensor of the checkpoint, with the names of 2024, in the order of Hugging Face's classes. */
    List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        addVision(all, "vision_model.");
        String text = "language_model.model.";
        all.add(new Tensor(text + "embed_tokens.weight", new Shape(VOCABULARY + 8, WIDTH), Values.SMALL));
        for (int i = 0; i < textLayers; i++) addTextLayer(all, text + "layers." + i + ".", crossLayers.contains(i));
        all.add(new Tensor(text + "norm.weight", new Shape(WIDTH), Values.NORM));
        all.add(new Tensor("language_model.lm_head.weight", new Shape(VOCABULARY, WIDTH), Values.SMALL));
        linear(all, "multi_modal_projector", WIDTH, features(), true);
        return all;
    }

    private static void addTextLayer(List<Tensor> all, String layer, boolean cross) {
        String attention = layer + (cross ? "cross_attn." : "self_attn.");
        linear(all, attention + "q_proj", WIDTH, WIDTH, false);
        linear(all, attention + "k_proj", KV_WIDTH, WIDTH, false);
        linear(all, attention + "v_proj", KV_WIDTH, WIDTH, false);
        linear(all, attention + "o_proj", WIDTH, WIDTH, false);
        if (cross) {
            all.add(new Tensor(attention + "q_norm.weight", new Shape(HEAD), Values.NORM));
            all.add(new Tensor(attention + "k_norm.weight", new Shape(HEAD), Values.NORM));
            all.add(new Tensor(layer + "cross_attn_attn_gate", new Shape(1), Values.GATE));
            all.add(new Tensor(layer + "cross_attn_mlp_gate", new Shape(1), Values.GATE));
        }
        linear(all, layer + "mlp.gate_proj", MLP, WIDTH, false);
        linear(all, layer + "mlp.up_proj", MLP, WIDTH, false);
        linear(all, layer + "mlp.down_proj", WIDTH, MLP, false);
        all.add(new Tensor(layer + "input_layernorm.weight", new Shape(WIDTH), Values.NORM));
        all.add(new Tensor(layer + "post_attention_layernorm.weight", new Shape(WIDTH), Values.NORM));
    }

    private void addVision(List<Tensor> all, String vision) {
        int tokens = tileTokens();
        int aspects = GRIDS.length + 1;
        all.add(new Tensor(vision + "patch_embedding.weight", new Shape(VISION_WIDTH, 3, PATCH, PATCH), Values.LINEAR));
        all.add(new Tensor(vision + "class_embedding", new Shape(VISION_WIDTH), Values.SMALL));
        String position = vision + "gated_positional_embedding.";
        all.add(new Tensor(position + "embedding", new Shape(tokens, VISION_WIDTH), Values.SMALL));
        all.add(new Tensor(position + "gate", new Shape(1), Values.GATE));
        all.add(new Tensor(
                position + "tile_embedding.weight", new Shape(aspects, (long) TILES * tokens * VISION_WIDTH), Values.TILE_TABLE));
        for (String when : List.of("pre", "post")) {
            String tilePosition = vision + when + "_tile_positional_embedding.";
            all.add(new Tensor(
                    tilePosition + "embedding.weight", new Shape(aspects, TILES * VISION_WIDTH), Values.TILE_TABLE));
            all.add(new Tensor(tilePosition + "gate", new Shape(1), Values.GATE));
            norm(all, vision + "layernorm_" + when);
        }
        for (int i = 0; i < visionLayers; i++) addVisionLayer(all, vision + "transformer.layers." + i + ".", false);
        for (int i = 0; i < globalLayers; i++) addVisionLayer(all, vision + "global_transformer.layers." + i + ".", true);
    }

    private static void addVisionLayer(List<Tensor> all, String layer, boolean global) {
        for (String part : List.of("q", "k", "v", "o")) {
            linear(all, layer + "self_attn." + part + "_proj", VISION_WIDTH, VISION_WIDTH, false);
        }
        linear(all, layer + "mlp.fc1", VISION_MLP, VISION_WIDTH, true);
        linear(all, layer + "mlp.fc2", VISION_WIDTH, VISION_MLP, true);
        norm(all, layer + "input_layernorm");
        norm(all, layer + "post_attention_layernorm");
        if (global) {
            all.add(new Tensor(layer + "gate_attn", new Shape(1), Values.GATE));
            all.add(new Tensor(layer + "gate_ffn", new Shape(1), Values.GATE));
        }
    }

    private static void linear(List<Tensor> all, String name, int out, int in, boolean bias) {
        all.add(new Tensor(name + ".weight", new Shape(out, in), Values.LINEAR));
        if (bias) all.add(new Tensor(name + ".bias", new Shape(out), Values.SMALL));
    }

    private static void norm(List<Tensor> all, String name) {
        all.add(new Tensor(name + ".weight", new Shape(VISION_WIDTH), Values.NORM));
        all.add(new Tensor(name + ".bias", new Shape(VISION_WIDTH), Values.SMALL));
    }
}
