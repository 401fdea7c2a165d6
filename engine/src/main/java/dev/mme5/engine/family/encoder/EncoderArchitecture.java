package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One encoder, as its config.json and the files of sentence-transformers describe it. */
record EncoderArchitecture(EncoderConfig config, PoolingConfig poolingConfig) implements ModelArchitecture {
    @Override
    public int dimensions() {
        return config.hidden();
    }

    @Override
    public int maxTokens() {
        return Math.min(config.maxTokens(), poolingConfig.maxTokens().orElse(Integer.MAX_VALUE));
    }

    @Override
    public int vocabularySize() {
        return config.vocabSize();
    }

    @Override
    public boolean takesImages() {
        return false;
    }

    @Override
    public Pooling pooling() {
        return switch (poolingConfig.pooling()) {
            case MEAN -> Pooling.MEAN;
            case FIRST -> Pooling.FIRST_TOKEN;
        };
    }

    @Override
    public boolean givesUnitVectors() {
        return poolingConfig.normalize();
    }

    @Override
    public List<Trait> traits() {
        return List.of(
                new Trait("text encoder", "%d layers, width %d, %d heads of %d, MLP %d, %d ids"
                        .formatted(config.layers(), config.hidden(), config.heads(), config.headSize(), config.mlpHidden(),
                                config.vocabSize())),
                new Trait("longest text", maxTokens() + " tokens"),
                new Trait("pooling", (pooling() == Pooling.MEAN ? "mean of all tokens" : "first token")
                        + (givesUnitVectors() ? ", scaled to unit length" : "")));
    }

    @Override
    public List<ConfigSection.Default> defaultsUsed() {
        return config.defaultsUsed();
    }

    @Override
    public InputProcessor inputProcessor(Path folder, boolean dropDuplicateBos) {
        return EncoderProcessor.read(folder, config);
    }

    @Override
    public void checkOtherFiles(Path folder) {
        PoolingConfig.read(folder);
    }

    @Override
    public EmbeddingNetwork load(Weights weights, Kernels kernels) {
        return new EncoderNetwork(TextEncoder.load(weights, config, kernels), poolingConfig, kernels);
    }

    @Override
    public PassMemory passMemory() {
        return new EncoderMemoryEstimate(config);
    }

    @Override
    public String partOf(String tensor) {
        return EncoderTensors.partOf(tensor);
    }

    @Override
    public boolean isQuantizable(String tensor) {
        return EncoderTensors.isQuantizable(tensor);
    }

    @Override
    public Optional<WeightInput> inputOf(String tensor) {
        return new EncoderTensors(config).inputOf(tensor);
    }
}
