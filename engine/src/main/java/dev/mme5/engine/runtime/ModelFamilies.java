package dev.mme5.engine.runtime;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.encoder.EncoderFamily;
import dev.mme5.engine.family.mllama.MllamaFamily;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import dev.mme5.weights.lora.LoraAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The model families that can be run, found by {@code model_type} of config.json.
 *
 * @param entries at least one; the first is that of folders whose config.json does not say
 */
public record ModelFamilies(List<Entry> entries) {
    /** All families of the engine: a new one is added here. The classes of one are loaded when a folder names it. */
    public static final ModelFamilies ALL = new ModelFamilies(List.of(
            new Entry("mllama", () -> new MllamaFamily()),
            new Entry("bert", () -> EncoderFamily.bert()),
            new Entry("roberta", () -> EncoderFamily.roberta()),
            new Entry("xlm-roberta", () -> EncoderFamily.xlmRoberta())));

    private static final String CONFIG = "config.json";
    private static final String MODEL_TYPE = "model_type";

    public ModelFamilies {
        entries = List.copyOf(entries);
    }

    /**
     * A family that can be made.
     *
     * @param family makes it
     */
    public record Entry(String modelType, Supplier<ModelFamily> family) {}

    /** Families that exist. */
    static ModelFamilies of(ModelFamily... families) {
        return new ModelFamilies(Arrays.stream(families).map(family -> new Entry(family.modelType(), () -> family)).toList());
    }

    /** A model of some family. */
    public record Found(ModelFamily family, ModelArchitecture architecture) {}

    /** The family of folders whose config.json does not say, and of prompts that are not for any folder. */
    public ModelFamily standard() {
        return entries.getFirst().family().get();
    }

    /**
     * The family of a folder; the standard one where there is no config.json, as beside a tokenizer alone.
     *
     * @throws ModelFormatException when config.json is wrong or names a family that is not known
     */
    public ModelFamily ofFolder(Path folder) {
        return Files.exists(folder.resolve(CONFIG)) ? familyOf(folder) : standard();
    }

    /**
     * The model of a folder.
     *
     * @throws ModelFormatException when there is no folder, or its config.json is missing, wrong, or names a family that is not known
     */
    public Found read(Path folder) {
        try {
            boolean isFolder = Files.readAttributes(folder, BasicFileAttributes.class).isDirectory();
            if (!isFolder) throw new ModelFormatException(folder.toString(), "", "not a folder");
        } catch (NoSuchFileException e) {
            throw new ModelFormatException(folder.toString(), "", "no such folder", e);
        } catch (IOException e) {
            throw ModelFormatException.unreadable(folder, e);
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
        String type = config.text(MODEL_TYPE, entries.getFirst().modelType());
        return entries.stream()
                .filter(entry -> entry.modelType().equals(type))
                .findFirst()
                .map(entry -> entry.family().get())
                .orElseThrow(() -> config.error(MODEL_TYPE, "expected " + known() + ", found " + JsonWriter.quote(type)));
    }

    private String known() {
        return entries.stream().map(entry -> JsonWriter.quote(entry.modelType())).collect(Collectors.joining(" or "));
    }
}
