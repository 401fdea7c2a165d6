package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.PassMemory;
import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One encoder, as its config.json and the files of sentence-transformers describe it. */
record EncoderArchitecture(EncoderConfig config, PoolingConfig poolingConfig) implements ModelArchitecture {
    @Override
    public int dimensions() {
        return config.hidden() * poolingConfig.modes().size();
    }

    @Override
    public int maxTokens() {
        return Math.min(config.maxTokens(), poolingConfig.maxTokens().orElse(Integer.MAX_VALUE));
    }

    @Override
    public boolean takesImages() {
        return false;
    }

    @Override
    public List<SequencePooling> pooling() {
        return poolingConfig.modes();
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
                new Trait("pooling", poolingConfig.modes().stream().map(EncoderArchitecture::describe).collect(Collectors.joining(", "))
                        + (givesUnitVectors() ? ", scaled to unit length" : "")));
    }

    private static String describe(SequencePooling mode) {
        return switch (mode) {
            case FIRST -> "first token";
            case MAX -> "maximum of all tokens";
            case MEAN -> "mean of all tokens";
            case MEAN_SQRT_LENGTH -> "sum of all tokens, divided by the root of their number";
            case WEIGHTED_MEAN -> "mean of all tokens with weights 1, 2, 3";
            case LAST -> "last token";
        };
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
        return new EncoderMemoryEstimate(config, poolingConfig.modes().size());
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
