package dev.mme5.tokenizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.KindChecks;
import dev.mme5.tokenizer.normalizer.Normalizer;
import dev.mme5.tokenizer.normalizer.NormalizerReader;
import dev.mme5.tokenizer.pretokenizer.BertPreTokenizer;
import dev.mme5.tokenizer.pretokenizer.PreTokenizer;
import dev.mme5.tokenizer.pretokenizer.PreTokenizerReader;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the other files of a model folder change in {@code tokenizer.json}. The classes BertTokenizer and XLMRobertaTokenizer of transformers 5
 * take tokens from it, and a character map, and build normalizer and pre-tokenizer by themselves, from settings in
 * {@code tokenizer_config.json}. Other classes take all from {@code tokenizer.json}. {@code do_lower_case} in the settings of
 * sentence-transformers is applied by each of them.
 */
record FolderSettings(JsonObject tokenizerConfig, String tokenizerClass, boolean lowersCase) {
    static final FolderSettings NONE = new FolderSettings(null, "", false);

    private static final String CLASS = "tokenizer_class";

    private static final String BERT = "BertTokenizer";

    private static final String XLM_ROBERTA = "XLMRobertaTokenizer";

    /** @throws ModelFormatException if {@code tokenizer_config.json} is missing, or a file is damaged or leads out of the folder */
    static FolderSettings read(Path folder) {
        JsonObject config = json(folder, folder.resolve("tokenizer_config.json"));
        Optional<Path> file = TextSettings.find(folder);
        boolean lowersCase = file.isPresent() && json(folder, file.get()).bool("do_lower_case", false);
        return new FolderSettings(config, tokenizerClass(config, folder), lowersCase);
    }

    /**
     * The class that {@code tokenizer_config.json} names, or {@code config.json}, or the one of its {@code model_type}; without the suffix
     * Fast, which transformers 5 ignores.
     */
    private static String tokenizerClass(JsonObject tokenizerConfig, Path folder) {
        Path file = folder.resolve("config.json");
        JsonObject naming = tokenizerConfig;
        if (!naming.has(CLASS) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            naming = json(folder, file);
            if (!naming.has(CLASS)) return classOf(naming.text("model_type", ""));
        }
        String name = naming.text(CLASS, BERT);
        return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
    }

    private static String classOf(String modelType) {
        return switch (modelType) {
            case "bert" -> BERT;
            case "xlm-roberta" -> XLM_ROBERTA;
            default -> "";
        };
    }

    private static JsonObject json(Path folder, Path file) {
        return JsonReader.readObject(file, TokenizerFiles.checked(folder, file), RawMemberReader.NONE);
    }

    /**
     * The normaliser of a model whose tokens are characters.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind, or a setting of another type
     */
    Normalizer normalizer(JsonObject file) {
        Normalizer normalizer = switch (rebuiltClass(file)) {
            case BERT -> NormalizerReader.ofBertTokenizer(tokenizerConfig);
            case XLM_ROBERTA -> NormalizerReader.ofXlmRobertaTokenizer(file);
            default -> NormalizerReader.read(file);
        };
        return lowersCase ? normalizer.afterLowercase() : normalizer;
    }

    /**
     * The pre-tokenizer of such a model.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind, or a setting of another type
     */
    PreTokenizer preTokenizer(JsonObject file) {
        return switch (rebuiltClass(file)) {
            case BERT -> new BertPreTokenizer();
            case XLM_ROBERTA -> PreTokenizerReader.ofXlmRobertaTokenizer(tokenizerConfig);
            default -> PreTokenizerReader.read(file);
        };
    }

    /**
     * Texts are cut at their end. The side is that of {@code tokenizer_config.json}, or the direction of {@code tokenizer.json}.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if a folder asks for the beginning to be cut
     */
    void requireCutAtTheEnd(JsonObject file) {
        if (tokenizerConfig != null && tokenizerConfig.has("truncation_side")) {
            String side = tokenizerConfig.text("truncation_side");
            if (!side.equals("right")) throw KindChecks.unsupported(tokenizerConfig, "truncation_side", "\"right\"");
        } else if (file.has("truncation") && !file.object("truncation").text("direction", "Right").equals("Right")) {
            throw KindChecks.unsupported(file.object("truncation"), "direction", "\"Right\"");
        }
    }

    /** The class that builds its stages by itself; empty for others, and for a model that the class could not use. */
    private String rebuiltClass(JsonObject file) {
        String needed = switch (tokenizerClass) {
            case BERT -> "WordPiece";
            case XLM_ROBERTA -> "Unigram";
            default -> "";
        };
        return file.object("model").text("type").equals(needed) ? tokenizerClass : "";
    }
}
