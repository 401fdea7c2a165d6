package dev.mme5.engine.family.encoder;

import static java.util.Locale.ROOT;

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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * How token states become a vector, as the files of sentence-transformers say: modules.json, 1_Pooling/config.json and
 * sentence_bert_config.json or one of its older names, whose do_lower_case the tokenizer reads. Where they are missing: the mean, scaled
 * to unit length, as E5 was trained. The longest text is otherwise as tokenizer_config.json says.
 *
 * @param modes how the states of a sequence become one; the vectors of several modes follow one another
 * @param normalize whether that is scaled to unit length
 * @param maxTokens longest text, if a file says
 */
record PoolingConfig(List<SequencePooling> modes, boolean normalize, OptionalInt maxTokens) {
    static final String MODULES = "modules.json";
    static final String POOLING = "1_Pooling/config.json";

    static final String TOKENIZER = "tokenizer_config.json";

    private static final String MODE = "pooling_mode";
    private static final int MAX_MODES = 6;

    private static final String OWN = "sentence_transformers.";

    /** Where releases of sentence-transformers have their modules, in modules of their own or not. */
    private static final Set<String> PACKAGES = Set.of(".models.", ".base.modules.", ".sentence_transformer.modules.");

    /** Names of modes, and their flags in files of earlier releases, in their order. */
    private static final Map<String, SequencePooling> BY_NAME = new LinkedHashMap<>();

    private static final Map<String, SequencePooling> BY_FLAG = new LinkedHashMap<>();

    static {
        add(SequencePooling.FIRST, "cls", "cls_token");
        add(SequencePooling.MAX, "max", "max_tokens");
        add(SequencePooling.MEAN, "mean", "mean_tokens");
        add(SequencePooling.MEAN_SQRT_LENGTH, "mean_sqrt_len_tokens", "mean_sqrt_len_tokens");
        add(SequencePooling.WEIGHTED_MEAN, "weightedmean", "weightedmean_tokens");
        add(SequencePooling.LAST, "lasttoken", "lasttoken");
    }

    PoolingConfig {
        modes = List.copyOf(modes);
    }

    private static void add(SequencePooling mode, String name, String flag) {
        BY_NAME.put(name, mode);
        BY_FLAG.put(MODE + "_" + flag, mode);
    }

    /** @throws ModelFormatException when a file is damaged or asks for what is not supported */
    static PoolingConfig read(Path folder) {
        SentenceTransformersFiles.checkSettings(folder);
        boolean isNormalized = isNormalized(folder);
        return new PoolingConfig(modes(folder), isNormalized, maxTokens(folder));
    }

    private static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The modules, by the last segment of their types: Transformer, Pooling, and perhaps Normalize or Dropout, which does nothing here. */
    private static boolean isNormalized(Path folder) {
        Path file = folder.resolve(MODULES);
        if (!exists(file)) return true;
        if (!(parsed(file) instanceof JsonArray modules)) throw new ModelFormatException(file.toString(), "", "expected an array");
        List<String> kinds = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < modules.size(); i++) {
            JsonObject module = modules.object(i);
            String type = module.text("type");
            if (!type.startsWith(OWN)) throw notOwn(module, type);
            String kind = type.substring(type.lastIndexOf('.') + 1);
            String within = type.substring(OWN.length() - 1, type.length() - kind.length()).toLowerCase(ROOT);
            if (!PACKAGES.contains(within.replace("." + kind.toLowerCase(ROOT) + ".", "."))) throw notOwn(module, type);
            if (!names.add(module.text("name", String.valueOf(i)))) {
                throw module.error("name", "expected another name than those before, found " + module.get("name"));
            }
            String path = module.text("path");
            if (kind.equals("Transformer") && !path.isEmpty()) throw misplaced(module, "\"\"", path);
            if (kind.equals("Normalize")) SentenceTransformersFiles.checkNormalize(folder, module);
            if (kind.equals("Pooling") && !path.equals("1_Pooling")) throw misplaced(module, "\"1_Pooling\"", path);
            kinds.add(kind);
        }
        boolean isKnown = kinds.size() >= 2 && kinds.subList(0, 2).equals(List.of("Transformer", "Pooling"))
                && kinds.stream().skip(2).allMatch(kind -> kind.equals("Normalize") || kind.equals("Dropout"));
        if (!isKnown) {
            throw new ModelFormatException(
                    file.toString(), "", "expected the modules Transformer, Pooling and perhaps Normalize, found "
                            + JsonWriter.quote(String.join(", ", kinds)));
        }
        return kinds.contains("Normalize");
    }

    private static ModelFormatException notOwn(JsonObject module, String type) {
        return module.error("type", "expected a module of sentence_transformers, found " + JsonWriter.quote(type));
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

    private static List<SequencePooling> modes(Path folder) {
        Path file = folder.resolve(POOLING);
        if (!exists(file)) {
            if (exists(folder.resolve(MODULES))) {
                throw new ModelFormatException(file.toString(), "", "not found, although " + MODULES + " names it");
            }
            return List.of(SequencePooling.MEAN);
        }
        JsonObject json = JsonReader.readObject(file, ModelFolder.of(folder).checked(file), RawMemberReader.NONE);
        if (!json.bool("include_prompt", true)) throw json.error("include_prompt", "expected true, found false");
        if (json.get(MODE) instanceof JsonArray array) {
            List<SequencePooling> modes = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                modes.add(byName(array.text(i), problem -> array.error(index, problem)));
            }
            if (modes.isEmpty() || modes.size() > MAX_MODES) {
                throw json.error(MODE, "expected 1 to %d modes, found %d".formatted(MAX_MODES, modes.size()));
            }
            return modes;
        }
        if (json.has(MODE)) return List.of(byName(json.text(MODE), problem -> json.error(MODE, problem)));
        return byFlags(json);
    }

    private static SequencePooling byName(String name, Function<String, ModelFormatException> error) {
        SequencePooling mode = BY_NAME.get(name);
        if (mode == null) throw error.apply("expected one of " + BY_NAME.keySet() + ", found " + JsonWriter.quote(name));
        return mode;
    }

    /** The form of earlier releases: a flag for each mode. Their vectors follow one another in this order. Without any, the mean counts. */
    private static List<SequencePooling> byFlags(JsonObject json) {
        for (String key : json.keys()) {
            if (key.startsWith(MODE + "_") && !BY_FLAG.containsKey(key) && json.bool(key)) throw json.error(key, "an unknown pooling mode");
        }
        List<SequencePooling> modes = new ArrayList<>();
        BY_FLAG.forEach((key, mode) -> {
            if (json.bool(key, false)) modes.add(mode);
        });
        return modes.isEmpty() ? List.of(SequencePooling.MEAN) : modes;
    }

    private static OptionalInt maxTokens(Path folder) {
        Optional<Path> file = TextSettings.find(folder);
        if (file.isEmpty()) return maxTokensOfTokenizer(folder);
        JsonObject json = ModelFolder.readObject(file.get());
        TransformerSettings.check(json);
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
        String key = json.keys().contains("model_max_length") ? "model_max_length" : "max_len";   // its older name
        if (!json.has(key) || json.number(key) > Integer.MAX_VALUE) return OptionalInt.empty();
        int tokens = json.integer(key);
        if (tokens < 1) throw json.error(key, "expected at least 1, found " + tokens);
        return OptionalInt.of(tokens);
    }
}
