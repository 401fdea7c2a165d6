package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.mllama.MllamaFamily;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import dev.mme5.weights.lora.LoraAdapter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The model families that can be run, found by {@code model_type} of config.json.
 *
 * @param families at least one; the first is that of folders whose config.json does not say
 */
public record ModelFamilies(List<ModelFamily> families) {
    /** All families of the engine: a new one is added here. */
    public static final ModelFamilies ALL = new ModelFamilies(List.of(new MllamaFamily()));

    private static final String CONFIG = "config.json";
    private static final String MODEL_TYPE = "model_type";

    public ModelFamilies {
        families = List.copyOf(families);
    }

    /** A model of some family. */
    public record Found(ModelFamily family, ModelArchitecture architecture) {}

    /** The family of folders whose config.json does not say, and of prompts that are not for any folder. */
    public ModelFamily standard() {
        return families.getFirst();
    }

    /**
     * The model of a folder.
     *
     * @throws ModelFormatException when there is no folder, or its config.json is missing, wrong, or names a family that is not known
     */
    public Found read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelFormatException(folder.toString(), "", Files.exists(folder) ? "not a folder" : "no such folder");
        }
        if (Files.exists(folder.resolve(LoraAdapter.CONFIG)) && !Files.exists(folder.resolve(CONFIG))) {
            throw new ModelFormatException(folder.toString(), "", "holds an adapter (" + LoraAdapter.CONFIG
                    + ") and no model: copy its files into the folder of its base model");
        }
        ModelFamily family = familyOf(folder);
        return new Found(family, family.read(folder));
    }

    private ModelFamily familyOf(Path folder) {
        JsonObject config = ModelFolder.readObject(folder.resolve(CONFIG));
        String type = config.text(MODEL_TYPE, standard().modelType());
        return families.stream()
                .filter(family -> family.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> config.error(MODEL_TYPE, "expected " + known() + ", found " + JsonWriter.quote(type)));
    }

    private String known() {
        return families.stream().map(family -> JsonWriter.quote(family.modelType())).collect(Collectors.joining(" or "));
    }
}
