package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One Mllama model, as its config.json describes it. */
final class MllamaArchitecture implements ModelArchitecture {
    private final MllamaConfig config;
    private final MllamaTensors tensors;

    MllamaArchitecture(MllamaConfig config) {
        this.config = config;
        this.tensors = new MllamaTensors(config);
    }

    @Override
    public int dimensions() {
        return config.text().hidden();
    }

    @Override
    public int maxTokens() {
        return config.text().maxPositions();
    }

    @Override
    public List<SequencePooling> pooling() {
        return List.of(SequencePooling.LAST);
    }

    @Override
    public boolean givesUnitVectors() {
        return true;
    }

    @Override
    public List<Trait> traits() {
        TextConfig text = config.text();
        VisionConfig vision = config.vision();
        return List.of(
                new Trait("text decoder", "%d layers (%d read images), width %d, %d heads of %d on %d key/value heads, MLP %d, %d ids"
                        .formatted(text.layers(), text.crossAttentionLayers().size(), text.hidden(), text.heads(), text.headSize(),
                                text.kvHeads(), text.mlpHidden(), text.ids())),
                new Trait("longest text", text.maxPositions() + " tokens"),
                new Trait("vision tower", "%d local and %d global blocks, width %d, %d heads of %d, MLP %d"
                        .formatted(vision.layers(), vision.globalLayers(), vision.hidden(), vision.heads(), vision.headSize(),
                                vision.mlpHidden())),
                new Trait("tiles", "up to %d of %d x %d pixels, patches of %d, %d tokens a tile"
                        .formatted(vision.maxTiles(), vision.tileSize(), vision.tileSize(), vision.patchSize(), vision.tileTokens())));
    }

    @Override
    public List<ConfigSection.Default> defaultsUsed() {
        return config.defaultsUsed();
    }

    @Override
    public InputProcessor inputProcessor(Path folder, boolean dropDuplicateBos) {
        return MllamaProcessor.read(folder, config, dropDuplicateBos);
    }

    @Override
    public void checkOtherFiles(Path folder) {
        MllamaImageProcessorConfig.ofFolder(folder, config.vision().tileGrids());
    }

    @Override
    public EmbeddingNetwork load(Weights weights, Kernels kernels) {
        return Mllama.load(weights, config, kernels);
    }

    @Override
    public PassMemory passMemory() {
        return new MllamaMemoryEstimate(config);
    }

    @Override
    public String partOf(String tensor) {
        return tensors.partOf(tensor);
    }

    @Override
    public boolean isQuantizable(String tensor) {
        return MllamaTensors.isQuantizable(tensor);
    }

    @Override
    public Optional<WeightInput> inputOf(String tensor) {
        return tensors.inputOf(tensor);
    }
}
