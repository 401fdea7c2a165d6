package dev.mme5.engine.family.mllama;

import dev.mme5.engine.family.ConfigSection;
import dev.mme5.engine.family.mllama.text.TextConfig;
import dev.mme5.engine.family.mllama.vision.VisionConfig;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * config.json (reference section 2).
 *
 * @param text the decoder
 * @param vision the vision encoder
 * @param imageTokenId id of {@code <|image|>}
 * @param defaultsUsed what the file leaves to the defaults of Hugging Face's classes
 */
public record MllamaConfig(TextConfig text, VisionConfig vision, int imageTokenId, List<ConfigSection.Default> defaultsUsed) {
    static final String FILE = "config.json";

    private static final int DEFAULT_IMAGE_TOKEN = 128_256;

    public MllamaConfig {
        defaultsUsed = List.copyOf(defaultsUsed);
    }

    /** @throws ModelFormatException when the file is missing, contradicts itself or is of another model */
    public static MllamaConfig read(Path folder) {
        JsonObject json = ModelFolder.readObject(folder.resolve(FILE));
        List<ConfigSection.Default> defaultsUsed = new ArrayList<>();
        ConfigSection root = new ConfigSection(json, defaultsUsed);
        root.only("model_type", MllamaFamily.MODEL_TYPE);
        if (!json.has("model_type") && !json.has("text_config")) {
            throw new ModelFormatException(json.source(), "", "expected model_type, or text_config, found neither");
        }
        TextConfig text = TextConfigReader.read(new ConfigSection(json.object("text_config"), defaultsUsed));
        VisionConfig vision = VisionConfigReader.read(new ConfigSection(json.object("vision_config"), defaultsUsed));
        int imageToken = root.integer("image_token_index", DEFAULT_IMAGE_TOKEN);
        if (imageToken < 0 || imageToken >= text.ids()) {
            throw json.error("image_token_index", "expected an id below vocab_size + 8 = " + text.ids() + ", found " + imageToken);
        }
        return new MllamaConfig(text, vision, imageToken, defaultsUsed);
    }
}
