package dev.mme5.engine.family.encoder;

import dev.mme5.engine.family.SentenceTransformersFiles;
import dev.mme5.engine.nn.SequencePooling;
import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.TextSettings;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How token states become a vector, as the files of sentence-transformers say: modules.json, 1_Pooling/config.json and
 * sentence_bert_config.json or one of its older names, whose do_lower_case the tokenizer reads. Where they are missing: the mean, scaled
 * to unit length, as E5 was trained. The longest text is otherwise as tokenizer_config.json says.
 *
 * @param pooling how the states of a sequence become one
 * @param normalize whether that is scaled to unit length
 * @param maxTokens longest text, if a file says
 */
record PoolingConfig(SequencePooling pooling, boolean normalize, OptionalInt maxTokens) {
    static final String MODULES = "modules.json";
    static final String POOLING = "1_Pooling/config.json";

    static final String TOKENIZER = "tokenizer_config.json";

    private static final String MODE = "pooling_mode";
    private static final String MEAN = "mean";
    private static final String CLS = "cls";

    /** @throws ModelFormatException when a file is damaged or asks for what is not supported */
    static PoolingConfig read(Path folder) {
        SentenceTransformersFiles.checkSettings(folder);
        return new PoolingConfig(pooling(folder), isNormalized(folder), maxTokens(folder));
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The modules: a Transformer, a Pooling and perhaps a Normalize, by the last segment of their types. */
    private static boolean isNormalized(Path folder) {
        Path file = folder.resolve(MODULES);
        if (!exists(file)) return true;
        if (!(parsed(file) instanceof JsonArray modules)) throw new ModelFormatException(file.toString(), "", "expected an array");
        StringBuilder kinds = new StringBuilder();
        for (int i = 0; i < modules.size(); i++) {
            JsonObject module = modules.object(i);
            String type = module.text("type");
            String kind = type.substring(type.lastIndexOf('.') + 1);
            String path = module.text("path");
            if (kind.equals("Transformer") && !path.isEmpty()) throw misplaced(module, "\"\"", path);
            if (kind.equals("Pooling") && !path.equals("1_Pooling")) throw misplaced(module, "\"1_Pooling\"", path);
            kinds.append(i == 0 ? "" : ", ").append(kind);
        }
        return switch (kinds.toString()) {
            case "Transformer, Pooling" -> false;
            case "Transformer, Pooling, Normalize" -> true;
            default -> throw new ModelFormatException(
                    file.toString(), "", "expected the modules Transformer, Pooling and perhaps Normalize, found "
                            + JsonWriter.quote(kinds.toString()));
        };
    }

    private static ModelFormatException misplaced(JsonObject module, String expected, String found) {
        return module.error("path", "expected " + expected + ", found " + JsonWriter.quote(found));
    }

    private static Json parsed(Path file) {
        try {
            return JsonReader.parse(Files.readAllBytes(ModelFolder.checkedInItsFolder(file)), file.toString());
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    private static SequencePooling pooling(Path folder) {
        Path file = folder.resolve(POOLING);
        if (!exists(file)) {
            if (exists(folder.resolve(MODULES))) {
                throw new ModelFormatException(file.toString(), "", "not found, although " + MODULES + " names it");
            }
            return SequencePooling.MEAN;
        }
        JsonObject json = JsonReader.readObject(file, ModelFolder.of(folder).checked(file), RawMemberReader.NONE);
        if (!json.bool("include_prompt", true)) throw json.error("include_prompt", "expected true, found false");
        if (json.has(MODE)) return byName(json, json.text(MODE));
        String mode = "";
        for (String key : json.keys()) {
            if (!key.startsWith(MODE + "_") || !json.bool(key)) continue;
            if (!mode.isEmpty()) throw json.error(key, "a second pooling mode; expected one");
            mode = switch (key) {
                case "pooling_mode_mean_tokens" -> MEAN;
                case "pooling_mode_cls_token" -> CLS;
                default -> throw json.error(key, "expected false: only the mean or the first token can be pooled");
            };
        }
        if (mode.isEmpty()) throw json.error("pooling_mode_mean_tokens", "expected one pooling mode, found none");
        return mode.equals(MEAN) ? SequencePooling.MEAN : SequencePooling.FIRST;
    }

    private static SequencePooling byName(JsonObject json, String mode) {
        return switch (mode) {
            case MEAN -> SequencePooling.MEAN;
            case CLS -> SequencePooling.FIRST;
            default -> throw json.error(MODE, "expected \"mean\" or \"cls\", found " + JsonWriter.quote(mode));
        };
    }

    private static OptionalInt maxTokens(Path folder) {
        Optional<Path> file = TextSettings.find(folder);
        if (file.isEmpty()) return maxTokensOfTokenizer(folder);
        JsonObject json = ModelFolder.readObject(file.get());
        if (!json.has("max_seq_length")) return maxTokensOfTokenizer(folder);
        int tokens = json.integer("max_seq_length");
        if (tokens < 1) throw json.error("max_seq_length", "expected at least 1, found " + tokens);
        return OptionalInt.of(tokens);
    }

    /** What counts where sentence-transformers says nothing. A number beyond all texts, 1e30, stands for no limit. */
    private static OptionalInt maxTokensOfTokenizer(Path folder) {
        Path file = folder.resolve(TOKENIZER);
        if (!exists(file)) return OptionalInt.empty();
        JsonObject json = ModelFolder.readObject(file);
        String key = json.has("model_max_length") ? "model_max_length" : "max_len";   // its older name
        if (!json.has(key) || json.number(key) > Integer.MAX_VALUE) return OptionalInt.empty();
        int tokens = json.integer(key);
        if (tokens < 1) throw json.error(key, "expected at least 1, found " + tokens);
        return OptionalInt.of(tokens);
    }
}
