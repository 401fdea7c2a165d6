package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.PreparedImage;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor;
import dev.mme5.engine.family.mllama.tiling.MllamaImageProcessorConfig;
import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/** A prompt to token ids, an image to tiles; read from tokenizer.json and preprocessor_config.json (reference sections 9, 10). */
final class MllamaProcessor implements InputProcessor {
    private final Tokenizer tokenizer;
    private final MllamaImageProcessor images;
    private final boolean dropDuplicateBos;

    private MllamaProcessor(Tokenizer tokenizer, MllamaImageProcessor images, boolean dropDuplicateBos) {
        this.tokenizer = tokenizer;
        this.images = images;
        this.dropDuplicateBos = dropDuplicateBos;
    }

    static MllamaProcessor read(Path folder, MllamaConfig config, boolean dropDuplicateBos) {
        MllamaImageProcessorConfig images = MllamaImageProcessorConfig.ofFolder(folder, config.vision().tileGrids());
        boolean isOld = Files.exists(folder.resolve(MllamaImageProcessorConfig.FILE), LinkOption.NOFOLLOW_LINKS);
        String file = isOld ? MllamaImageProcessorConfig.FILE : MllamaImageProcessorConfig.PROCESSOR_FILE;
        checkImages(folder.resolve(file).toString(), config, images);
        Tokenizer tokenizer = Tokenizer.open(folder);
        checkTokens(folder.resolve(MllamaFamily.TOKENIZER).toString(), config, tokenizer);
        return new MllamaProcessor(tokenizer, new MllamaImageProcessor(images), dropDuplicateBos);
    }

    private static void checkImages(String file, MllamaConfig config, MllamaImageProcessorConfig images) {
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

    private static void checkTokens(String file, MllamaConfig config, Tokenizer tokenizer) {
        int rows = config.text().ids();
        if (tokenizer.size() > rows) {
            throw new ModelFormatException(
                    file, "", "expected ids below the " + rows + " rows of embed_tokens, found " + (tokenizer.size() - 1));
        }
        int image = tokenizer.id(MllamaPrompt.IMAGE_TOKEN).orElseThrow(() -> missing(file, MllamaPrompt.IMAGE_TOKEN));
        if (image != config.imageTokenId()) {
            throw new ModelFormatException(
                    file,
                    MllamaPrompt.IMAGE_TOKEN,
                    "expected image_token_index of config.json, " + config.imageTokenId() + ", found " + image);
        }
        if (tokenizer.id(MllamaPrompt.BEGIN_OF_TEXT).isEmpty()) throw missing(file, MllamaPrompt.BEGIN_OF_TEXT);
    }

    private static ModelFormatException missing(String file, String token) {
        return new ModelFormatException(file, "added_tokens", "expected " + token + ", found none");
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public Encoding encode(String prompt, int imageCount, int maxTokens) {
        String full = MllamaPrompt.full(prompt, imageCount);
        if (!dropDuplicateBos) return tokenizer.encode(full, maxTokens);
        // A full prompt has a begin-of-text token of its own; only the post-processor can add a second one.
        int[] ids = tokenizer.encodeRaw(full);
        return new Encoding(Arrays.copyOf(ids, Math.min(ids.length, maxTokens)), ids.length);
    }

    @Override
    public Encoding encodePlain(String prompt, int imageCount, int maxTokens) {
        String head = MllamaPrompt.plainHead(prompt, imageCount);
        String text = prompt.substring(imageCount == 0 ? 0 : head.length());
        if (!dropDuplicateBos) return tokenizer.encodePlain(head, text, maxTokens);
        int[] ids = tokenizer.encodeRawPlain(head, text);
        return new Encoding(Arrays.copyOf(ids, Math.min(ids.length, maxTokens)), ids.length);
    }

    @Override
    public PreparedImage prepare(RgbImage pixels, String name, HeapLimit heap) {
        return images.process(pixels, name, heap);
    }
}
