package dev.mme5.tokenizer.model;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/** Reads the member {@code model} of {@code tokenizer.json}: byte-level BPE, WordPiece or Unigram. */
public final class TokenModelReader {
    private TokenModelReader() {}

    /**
     * Whether the tokens of the model are bytes and not characters.
     *
     * @throws ModelFormatException if the type of the model is not supported
     */
    public static boolean isByteLevel(JsonObject file) {
        JsonObject model = file.object("model");
        return switch (model.text("type")) {
            case "BPE" -> true;
            case "WordPiece", "Unigram" -> false;
            default -> throw KindChecks.unsupported(model, "type", "\"BPE\", \"WordPiece\" or \"Unigram\"");
        };
    }

    /**
     * @param file the root of {@code tokenizer.json}
     * @param raw the parts that were read while the file was parsed
     * @throws ModelFormatException if it is of an unsupported kind or contradicts itself
     */
    public static TokenModel read(JsonObject file, RawVocabularyReader raw) {
        JsonObject model = file.object("model");
        if (isByteLevel(file)) return BytePairModelReader.read(model, raw);
        return switch (model.text("type")) {
            case "WordPiece" -> WordPieceModelReader.read(model, raw);
            default -> UnigramModelReader.read(model, raw);
        };
    }

    /**
     * The model that transformers' BertTokenizer makes of the tokens of WordPiece.
     *
     * @param unknown the token of words that have no other
     * @throws ModelFormatException if the vocabulary does not have it, or contradicts itself
     */
    public static TokenModel ofBertTokenizer(JsonObject file, RawVocabularyReader raw, String unknown) {
        return WordPieceModelReader.ofBertTokenizer(file.object("model"), raw, unknown);
    }

    /**
     * The model that transformers' XLMRobertaTokenizer makes of the tokens of Unigram.
     *
     * @throws ModelFormatException if the vocabulary is too small, or contradicts itself
     */
    public static TokenModel ofXlmRobertaTokenizer(JsonObject file, RawVocabularyReader raw) {
        return UnigramModelReader.ofXlmRobertaTokenizer(file.object("model"), raw);
    }
}
