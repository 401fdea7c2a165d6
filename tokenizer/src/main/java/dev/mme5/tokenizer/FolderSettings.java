package dev.mme5.tokenizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.normalizer.Normalizer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the other files of a model folder change in the normalizer of {@code tokenizer.json}: the settings of transformers' BertTokenizer in
 * {@code tokenizer_config.json}, and {@code do_lower_case} in the settings of sentence-transformers.
 */
record FolderSettings(JsonObject tokenizerConfig, boolean isBertTokenizer, boolean lowersCase) {
    static final FolderSettings NONE = new FolderSettings(null, false, false);

    private static final String CLASS = "tokenizer_class";

    private static final String BERT = "BertTokenizer";

    /** @throws ModelFormatException if {@code tokenizer_config.json} is missing, or a file is damaged or leads out of the folder */
    static FolderSettings read(Path folder) {
        JsonObject config = json(folder, folder.resolve("tokenizer_config.json"));
        Optional<Path> file = TextSettings.find(folder);
        boolean lowersCase = file.isPresent() && json(folder, file.get()).bool("do_lower_case", false);
        return new FolderSettings(config, isBertTokenizer(config, folder), lowersCase);
    }

    /** The class is that of {@code tokenizer_config.json}, or of {@code config.json}, or the one of its {@code model_type}. */
    private static boolean isBertTokenizer(JsonObject tokenizerConfig, Path folder) {
        Path file = folder.resolve("config.json");
        JsonObject naming = tokenizerConfig;
        if (!naming.has(CLASS) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            naming = json(folder, file);
            if (!naming.has(CLASS)) return naming.text("model_type", "").equals("bert");
        }
        String name = naming.text(CLASS, BERT);
        return name.equals(BERT) || name.equals(BERT + "Fast");
    }

    private static JsonObject json(Path folder, Path file) {
        return JsonReader.readObject(file, TokenizerFiles.checked(folder, file), RawMemberReader.NONE);
    }

    Normalizer applyTo(Normalizer normalizer) {
        Normalizer configured = isBertTokenizer ? normalizer.configured(tokenizerConfig) : normalizer;
        return lowersCase ? configured.afterLowercase() : configured;
    }
}
