package dev.mme5.tokenizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.KindChecks;
import dev.mme5.tokenizer.common.TokenizerFiles;
import dev.mme5.tokenizer.model.RawVocabularyReader;
import dev.mme5.tokenizer.model.TokenModel;
import dev.mme5.tokenizer.model.TokenModelReader;
import dev.mme5.tokenizer.model.TokenTable;
import dev.mme5.tokenizer.normalizer.Normalizer;
import dev.mme5.tokenizer.normalizer.NormalizerReader;
import dev.mme5.tokenizer.postprocessor.PostProcessor;
import dev.mme5.tokenizer.postprocessor.PostProcessorReader;
import dev.mme5.tokenizer.pretokenizer.BertPreTokenizer;
import dev.mme5.tokenizer.pretokenizer.PreTokenizer;
import dev.mme5.tokenizer.pretokenizer.PreTokenizerReader;
import dev.mme5.tokenizer.settings.TokenContent;
import dev.mme5.tokenizer.settings.TokenizerClass;
import dev.mme5.tokenizer.settings.TokenizerSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the other files of a model folder change in {@code tokenizer.json}: which class of transformers 5 makes the tokenizer, and its
 * settings in {@code tokenizer_config.json}. {@code do_lower_case} in the settings of sentence-transformers is applied by every class.
 *
 * <p>The methods make the stages of a tokenizer. Each takes the root of {@code tokenizer.json}, and throws a {@link ModelFormatException}
 * if a stage is of an unsupported kind or contradicts itself, or a setting is of another type.
 */
record FolderSettings(TokenizerSettings settings, TokenizerClass tokenizerClass, boolean lowersCase, IntSupplier maxSize) {
    static final FolderSettings NONE =
            new FolderSettings(TokenizerSettings.NONE, TokenizerClass.AS_WRITTEN, false, () -> Integer.MAX_VALUE);

    private static final String CLASS = "tokenizer_class";
    private static final String INPUTS = "model_input_names";
    private static final String SIDE = "truncation_side";
    private static final String SPLIT = "split_special_tokens";

    /**
     * @param maxSize ids of tokens that {@code tokenizer.json} does not have are below it; a byte-level tokenizer does not ask for it
     * @throws ModelFormatException if a file is damaged or leads out of the folder, or the class is an unsupported one
     */
    static FolderSettings read(Path folder, IntSupplier maxSize) {
        TokenizerSettings settings = TokenizerSettings.read(folder);
        settings.refuseOtherVersions();
        Optional<Path> file = TextSettings.find(folder);
        boolean lowersCase = file.isPresent() && json(folder, file.get()).bool("do_lower_case", false);
        return new FolderSettings(settings, tokenizerClass(settings.config(), folder), lowersCase, maxSize);
    }

    /** The class that {@code tokenizer_config.json} names, or {@code config.json}, or the one of its {@code model_type}. */
    private static TokenizerClass tokenizerClass(JsonObject tokenizerConfig, Path folder) {
        if (tokenizerConfig.has(CLASS)) return TokenizerClass.named(tokenizerConfig, CLASS);
        Path file = folder.resolve("config.json");
        if (!TokenizerFiles.isPresent(file)) return TokenizerClass.AS_WRITTEN;
        JsonObject config = json(folder, file);
        return config.has(CLASS) ? TokenizerClass.named(config, CLASS) : TokenizerClass.ofModelType(config);
    }

    /**
     * The number of rows of the token embeddings that {@code config.json} says; without it, there is no limit.
     *
     * @throws ModelFormatException if the file is damaged or leads out of the folder
     */
    static int vocabularySize(Path folder) {
        Path file = folder.resolve("config.json");
        return TokenizerFiles.isPresent(file) ? json(folder, file).integer("vocab_size", Integer.MAX_VALUE) : Integer.MAX_VALUE;
    }

    private static JsonObject json(Path folder, Path file) {
        return JsonReader.readObject(file, TokenizerFiles.checked(folder, file), RawMemberReader.NONE);
    }

    /** The normaliser of a model whose tokens are characters. */
    Normalizer normalizer(JsonObject file) {
        Normalizer normalizer = switch (tokenizerClass.ifUsable(file)) {
            case BERT -> NormalizerReader.ofBertTokenizer(settings.config());
            case XLM_ROBERTA -> NormalizerReader.ofXlmRobertaTokenizer(file);
            case AS_WRITTEN -> NormalizerReader.read(file);
        };
        return lowersCase ? normalizer.afterLowercase() : normalizer;
    }

    /** The pre-tokenizer of such a model. */
    PreTokenizer preTokenizer(JsonObject file) {
        return switch (tokenizerClass.ifUsable(file)) {
            case BERT -> new BertPreTokenizer();
            case XLM_ROBERTA -> PreTokenizerReader.ofXlmRobertaTokenizer(settings.config());
            case AS_WRITTEN -> PreTokenizerReader.read(file);
        };
    }

    /** @param raw the parts that were read while the file was parsed */
    TokenModel model(JsonObject file, RawVocabularyReader raw) {
        return switch (tokenizerClass.ifUsable(file)) {
            case BERT -> TokenModelReader.ofBertTokenizer(file, raw, TokenizerClass.BERT.specialToken(settings, "unk_token"));
            case XLM_ROBERTA -> TokenModelReader.ofXlmRobertaTokenizer(file, raw);
            case AS_WRITTEN -> TokenModelReader.read(file, raw);
        };
    }

    /**
     * The added tokens. {@code added_tokens_decoder} replaces those of {@code tokenizer.json} for a class that builds by itself, and their
     * flags for the others. Special tokens that the settings name follow. A byte-level tokenizer has only those of {@code tokenizer.json}.
     */
    List<AddedToken> addedTokens(JsonObject file, TokenTable model) {
        List<AddedToken> written = AddedTokenReader.read(file.array("added_tokens"), model);
        if (model.isByteLevel()) {
            refuseWhatByteLevelIgnores(written);
            return written;
        }
        TokenizerClass usable = tokenizerClass.ifUsable(file);
        boolean builds = usable != TokenizerClass.AS_WRITTEN;
        Supplier<Optional<String>> paddingToken = () -> builds ? Optional.empty() : paddingToken(file);
        AddedTokenList list = new AddedTokenList(model, maxSize.getAsInt());
        if (!builds) written.forEach(list::putUnlimited);
        SpecialTokenReader special = SpecialTokenReader.read(settings, usable, paddingToken);
        if (settings.readsOthers()) {
            AddedTokenReader.readLegacy(settings.added(), written, SpecialTokenReader.knownBeforeAdded(settings), special.named(), list);
        } else {
            AddedTokenReader.readDecoder(settings.config().object(TokenizerSettings.DECODER), special.named(), list);
        }
        special.addTo(list);
        return list.tokens();
    }

    /** The token that {@code padding} of {@code tokenizer.json} names, which is the pad_token if no other file has one. */
    private static Optional<String> paddingToken(JsonObject file) {
        return file.has("padding") ? Optional.ofNullable(TokenContent.of(file.object("padding"), "pad_token", null)) : Optional.empty();
    }

    /** Named special tokens of a byte-level tokenizer must be among its added tokens, as they are in every known folder. */
    private void refuseWhatByteLevelIgnores(List<AddedToken> written) {
        JsonObject config = settings.config();
        if (config.bool(SPLIT, false)) throw config.error(SPLIT, "expected false, found true: it is not applied to a byte-level tokenizer");
        for (String name : SpecialTokenReader.NAMES) {
            if (!config.has(name)) continue;
            String content = TokenContent.of(config, name, "");
            if (written.stream().noneMatch(token -> token.content().equals(content))) {
                throw config.error(name, "expected an added token of tokenizer.json, found " + JsonWriter.quote(content));
            }
        }
    }

    /**
     * Requires {@code tokenizer_config.json} in a folder: only for WordPiece and Unigram is it known what is built without it.
     *
     * @throws ModelFormatException if it is missing
     */
    void requireConfig() {
        settings.missingConfig().ifPresent(JsonReader::regularFile);
    }

    /** Whether special tokens written in a text are text. */
    boolean splitsSpecialTokens(boolean isByteLevel) {
        return !isByteLevel && settings.config().bool(SPLIT, false);
    }

    /** @param ids the id of a token, as it is written in the file */
    PostProcessor postProcessor(JsonObject file, boolean isByteLevel, Function<String, OptionalInt> ids) {
        return switch (tokenizerClass.ifUsable(file)) {
            case BERT -> PostProcessorReader.around(specialId(file, "cls_token", ids), specialId(file, "sep_token", ids), 1);
            case XLM_ROBERTA -> PostProcessorReader.around(specialId(file, "bos_token", ids), specialId(file, "eos_token", ids), 2);
            case AS_WRITTEN -> PostProcessorReader.read(file, ids, !isByteLevel && passesTokenTypes());
        };
    }

    /** Whether transformers gives the model token types of the template; the general classes do only if the file says so. */
    private boolean passesTokenTypes() {
        JsonObject config = settings.config();
        return config.has(INPUTS) && config.array(INPUTS).texts().contains("token_type_ids");
    }

    private int specialId(JsonObject file, String key, Function<String, OptionalInt> ids) {
        return tokenizerClass.specialId(file, settings, key, ids);
    }

    Decoder decoder(JsonObject file, boolean isByteLevel) {
        return switch (tokenizerClass.ifUsable(file)) {
            case BERT -> DecoderReader.ofBertTokenizer();
            case XLM_ROBERTA -> DecoderReader.ofXlmRobertaTokenizer(settings.config());
            case AS_WRITTEN -> DecoderReader.read(file, isByteLevel);
        };
    }

    /**
     * Texts are cut at their end. The side is that of {@code tokenizer_config.json}, or the direction of {@code tokenizer.json}.
     *
     * @throws ModelFormatException if a folder asks for the beginning to be cut
     */
    void requireCutAtTheEnd(JsonObject file) {
        JsonObject config = settings.config();
        if (config.has(SIDE)) {
            String side = config.text(SIDE);
            if (!side.equals("right")) {
                throw config.error(SIDE,
                        "expected \"right\", found %s: texts are cut at their end".formatted(JsonWriter.quote(side)));
            }
        } else if (file.has("truncation") && !file.object("truncation").text("direction", "Right").equals("Right")) {
            throw KindChecks.unsupported(file.object("truncation"), "direction", "\"Right\"");
        }
    }
}
