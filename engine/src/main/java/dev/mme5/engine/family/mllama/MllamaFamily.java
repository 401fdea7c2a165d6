package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.ModelFiles;
import dev.mme5.engine.family.SentenceTransformersFiles;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.weights.TensorNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Mllama (Llama 3.2 Vision) as an embedding model, such as {@code intfloat/mmE5-mllama-11b-instruct}. */
public final class MllamaFamily implements ModelFamily {
    static final String MODEL_TYPE = "mllama";
    static final String TOKENIZER = "tokenizer.json";

    /** Turns hidden states into logits, which an embedding does not need. */
    private static final String HEAD = "lm_head";

    private static final ModelFiles FILES =
            ModelFiles.reading(MllamaConfig.FILE, MllamaImageProcessorConfig.FILE, TOKENIZER, "tokenizer_config.json")
                    .withOptional(List.of(MllamaImageProcessorConfig.PROCESSOR_FILE))
                    .withChecked(SentenceTransformersFiles.NAMES);

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public ModelFiles files() {
        return FILES;
    }

    @Override
    public TensorNames tensorNames() {
        return MllamaTensorNames.INSTANCE;
    }

    @Override
    public String fullPrompt(String prompt, int images) {
        return MllamaPrompt.full(prompt, images);
    }

    @Override
    public Optional<String> unusedPartOf(String tensor) {
        return tensor.contains(HEAD + ".") ? Optional.of(HEAD) : Optional.empty();
    }

    @Override
    public ModelArchitecture read(Path folder) {
        MllamaConfig config = MllamaConfig.read(folder);
        SentenceTransformersFiles.check(folder, "lasttoken", config.text().maxPositions());
        return new MllamaArchitecture(config);
    }
}
