package dev.mme5.engine.runtime;

import dev.mme5.engine.Input;
import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Everything in a model folder but the weights, read and found to fit together.
 *
 * @param config config.json
 * @param tokenizer tokenizer.json
 * @param imageProcessor preprocessor_config.json
 */
public record ModelMetadata(MllamaConfig config, Tokenizer tokenizer, MllamaImageProcessorConfig imageProcessor) {
    public static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String TOKENIZER = "tokenizer.json";

    /** @throws ModelFormatException when a file is missing or damaged, or two of them contradict each other */
    public static ModelMetadata read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException(folder.toString(), "", Files.exists(folder) ? "not a folder" : "no such folder");
        }
        MllamaConfig config = MllamaConfig.read(folder);
        MllamaImageProcessorConfig imageProcessor =
                MllamaImageProcessorConfig.read(folder.resolve(PREPROCESSOR), config.vision().arrangements());
        checkImages(folder, config, imageProcessor);
        Tokenizer tokenizer = Tokenizer.open(folder);
        checkTokens(folder, config, tokenizer);
        return new ModelMetadata(config, tokenizer, imageProcessor);
    }

    private static void checkImages(Path folder, MllamaConfig config, MllamaImageProcessorConfig images) {
        String file = folder.resolve(PREPROCESSOR).toString();
        if (images.tileSize() != config.vision().tileSize()) {
            throw new ModelFormatException(
                    file,
                    "size.height",
                    "expected image_size of config.json, " + config.vision().tileSize() + ", found " + images.tileSize());
        }
        if (images.maxTiles() != config.vision().maxTiles()) {
            throw new ModelFormatException(
                    file,
                    "max_image_tiles",
                    "expected max_num_tiles of config.json, " + config.vision().maxTiles() + ", found " + images.maxTiles());
        }
    }

    private static void checkTokens(Path folder, MllamaConfig config, Tokenizer tokenizer) {
        String file = folder.resolve(TOKENIZER).toString();
        int rows = config.text().ids();
        if (tokenizer.size() > rows) {
            throw new ModelFormatException(
                    file, "", "expected ids below the " + rows + " rows of embed_tokens, found " + (tokenizer.size() - 1));
        }
        int image = tokenizer.id(Input.IMAGE_TOKEN)
                .orElseThrow(() -> new ModelFormatException(file, "added_tokens", "expected " + Input.IMAGE_TOKEN + ", found none"));
        if (image != config.imageTokenId()) {
            throw new ModelFormatException(
                    file,
                    Input.IMAGE_TOKEN,
                    "expected image_token_index of config.json, " + config.imageTokenId() + ", found " + image);
        }
        if (tokenizer.id(Input.BEGIN_OF_TEXT).isEmpty()) {
            throw new ModelFormatException(file, "added_tokens", "expected " + Input.BEGIN_OF_TEXT + ", found none");
        }
    }
}
