package dev.mme5.engine.family.encoder;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.ModelFiles;
import dev.mme5.engine.family.RefusedInputException;
import dev.mme5.tokenizer.TextSettings;
import dev.mme5.weights.TensorNames;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** BERT, RoBERTa and XLM-RoBERTa as embedding models, such as {@code intfloat/e5-small-v2} and {@code intfloat/multilingual-e5-base}. */
public final class EncoderFamily implements ModelFamily {
    private static final ModelFiles FILES = ModelFiles.reading(
            EncoderConfig.FILE, PoolingConfig.MODULES, PoolingConfig.POOLING, TextSettings.FILE, "tokenizer.json", PoolingConfig.TOKENIZER)
            .withOptional(Stream.concat(TextSettings.OLDER_FILES.stream(), TextSettings.TOKEN_FILES.stream()).toList());

    private final EncoderKind kind;

    private EncoderFamily(EncoderKind kind) {
        this.kind = kind;
    }

    /** Positions from 0: {@code model_type} is {@code bert}. */
    public static EncoderFamily bert() {
        return new EncoderFamily(EncoderKind.BERT);
    }

    /** The same as XLM-RoBERTa, but for defaults: {@code model_type} is {@code roberta}. */
    public static EncoderFamily roberta() {
        return new EncoderFamily(EncoderKind.ROBERTA);
    }

    /** Positions after the padding id: {@code model_type} is {@code xlm-roberta}. */
    public static EncoderFamily xlmRoberta() {
        return new EncoderFamily(EncoderKind.XLM_ROBERTA);
    }

    @Override
    public String modelType() {
        return kind.modelType();
    }

    @Override
    public ModelFiles files() {
        return FILES;
    }

    @Override
    public boolean reads(Path folder, String optionalFile) {
        return !TextSettings.TOKEN_FILES.contains(optionalFile) || TextSettings.readsTokenFiles(folder);
    }

    /** Since 2, tokenizers and special tokens are as transformers 5 has them. */
    @Override
    public int vectorsVersion() {
        return 2;
    }

    @Override
    public TensorNames tensorNames() {
        return EncoderTensorNames.INSTANCE;
    }

    @Override
    public String fullPrompt(String prompt, int images) {
        if (images > 0) throw new RefusedInputException(Refusal.NOT_ACCEPTED, "the model takes no images, only texts");
        return prompt;
    }

    @Override
    public Optional<String> unusedPartOf(String tensor) {
        return EncoderTensors.unusedPartOf(tensor);
    }

    @Override
    public ModelArchitecture read(Path folder) {
        return new EncoderArchitecture(EncoderConfig.read(folder, kind), PoolingConfig.read(folder));
    }
}
