package dev.mme5.tokenizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.KindChecks;
import dev.mme5.tokenizer.common.ProbeLengthLimit;
import dev.mme5.tokenizer.model.RawVocabularyReader;
import dev.mme5.tokenizer.model.TokenModel;
import dev.mme5.tokenizer.model.TokenModelReader;
import dev.mme5.tokenizer.normalizer.Normalizer;
import dev.mme5.tokenizer.normalizer.NormalizerReader;
import dev.mme5.tokenizer.postprocessor.PostProcessor;
import dev.mme5.tokenizer.pretokenizer.PreTokenizer;
import dev.mme5.tokenizer.pretokenizer.PreTokenizerReader;

/**
 * Reads {@code tokenizer.json} into the stages of a {@link Tokenizer}. Every setting that would change ids is either implemented or
 * refused, because a tokenizer of another kind must not produce plausible ids that are slightly wrong.
 *
 * <p>Of {@code truncation} only the direction counts, and {@code padding} is not read: callers of the reference set them at every call.
 */
final class TokenizerReader {
    private TokenizerReader() {}

    /** Parses a file. */
    @FunctionalInterface
    interface Parser {
        /** @param rawReader reads members that are too large for a tree */
        JsonObject parse(RawMemberReader rawReader);
    }

    /**
     * @param source name of the file, for messages
     * @param settings of the folder; byte-level tokenizers have no normalizer that they could change
     * @throws ModelFormatException if the file is of an unsupported kind or contradicts itself
     */
    static Tokenizer read(String source, FolderSettings settings, Parser parser) {
        try {
            RawVocabularyReader raw = new RawVocabularyReader();
            return read(parser.parse(raw), settings, raw);
        } catch (ProbeLengthLimit.ExceededException e) {
            throw new ModelFormatException(source, "", e.getMessage(), e);
        }
    }

    private static Tokenizer read(JsonObject file, FolderSettings settings, RawVocabularyReader raw) {
        boolean isByteLevel = TokenModelReader.isByteLevel(file);
        if (isByteLevel) {
            settings.requireConfig();
            KindChecks.requireNull(file, "normalizer");
        } else {
            settings.requireCutAtTheEnd(file);
        }
        Normalizer normalizer = isByteLevel ? NormalizerReader.read(file) : settings.normalizer(file);
        PreTokenizer preTokenizer = isByteLevel ? PreTokenizerReader.readByteLevel(file) : settings.preTokenizer(file);
        Decoder decoder = settings.decoder(file, isByteLevel);
        TokenModel model = settings.model(file, raw);
        Vocabulary vocabulary = new Vocabulary(model.tokens(), settings.addedTokens(file, model.tokens()));
        PostProcessor postProcessor = settings.postProcessor(file, isByteLevel, vocabulary::id);
        return new Tokenizer(vocabulary, normalizer, preTokenizer, model, postProcessor, decoder,
                settings.splitsSpecialTokens(isByteLevel));
    }
}
