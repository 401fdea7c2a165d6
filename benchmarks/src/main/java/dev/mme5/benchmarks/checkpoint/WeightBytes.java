package dev.mme5.benchmarks.checkpoint;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.MllamaTensorNames;
import dev.mme5.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Set;

/**
 * Bytes of weights that must be read, whatever their type: from the headers of the files.
 *
 * @param text by a text without pictures: all self-attention layers
 * @param picture by a picture with a prompt: all but the tables of embeddings and the language model's head
 */
public record WeightBytes(double text, double picture) {
    private static final String LAYERS = "language_model.layers.";

    public static WeightBytes of(Path folder, MllamaConfig config) {
        Set<Integer> crossLayers = config.text().crossAttentionLayers();
        double[] bytes = new double[2];
        try (Checkpoint checkpoint = Checkpoint.open(folder, MllamaTensorNames.INSTANCE)) {
            checkpoint.tensors().forEach((name, tensor) -> {
                boolean layer = name.startsWith(LAYERS);
                boolean self = layer && !crossLayers.contains(Integer.parseInt(name.substring(LAYERS.length()).split("\\.")[0]));
                if (self) bytes[0] += tensor.bytes().byteSize();
                if (layer || name.startsWith("multi_modal_projector.") || name.contains("transformer.layers.")) {
                    bytes[1] += tensor.bytes().byteSize();
                }
            });
        }
        return new WeightBytes(bytes[0], bytes[1]);
    }
}
