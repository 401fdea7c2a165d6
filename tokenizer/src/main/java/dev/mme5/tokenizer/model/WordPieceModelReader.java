package dev.mme5.tokenizer.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;

/** Reads a model of type WordPiece. */
final class WordPieceModelReader {
    private static final int MAX_CHARACTERS_OF_BERT = 100;

    private WordPieceModelReader() {}

    /**
     * @param raw its table is used if it could read it
     * @throws ModelFormatException if the model contradicts itself
     */
    static WordPieceModel read(JsonObject model, RawVocabularyReader raw) {
        TokenTable tokens = tokens(model, raw);
        String unknown = model.text("unk_token");
        int unknownId = tokens.id(unknown);
        if (unknownId == TokenTable.ABSENT) throw model.error("unk_token", JsonWriter.quote(unknown) + " is not in the vocabulary");
        int maxCharacters = model.integer("max_input_chars_per_word");
        if (maxCharacters < 0) throw model.error("max_input_chars_per_word", "expected at least 0, found " + maxCharacters);
        return new WordPieceModel(tokens, model.text("continuing_subword_prefix").getBytes(UTF_8), unknownId, maxCharacters);
    }

    /**
     * The model that transformers' BertTokenizer makes of the tokens: it reads no settings of the file.
     *
     * @param unknown the token of words that have no other
     * @throws ModelFormatException if the vocabulary does not have it
     */
    static WordPieceModel ofBertTokenizer(JsonObject model, RawVocabularyReader raw, String unknown) {
        TokenTable tokens = tokens(model, raw);
        int unknownId = tokens.id(unknown);
        if (unknownId == TokenTable.ABSENT) {
            throw model.error("vocab", "no token %s: expected the unk_token of BertTokenizer".formatted(JsonWriter.quote(unknown)));
        }
        return new WordPieceModel(tokens, "##".getBytes(UTF_8), unknownId, MAX_CHARACTERS_OF_BERT);
    }

    private static TokenTable tokens(JsonObject model, RawVocabularyReader raw) {
        return raw.tokens() != null ? literal(raw.tokens()) : VocabularyReader.readLiteral(model.object("vocab"));
    }

    /** The tokens as they are written: the raw reader may have taken them for the byte alphabet. */
    private static TokenTable literal(TokenTable tokens) {
        return tokens.isByteLevel() ? TokenTable.converted(tokens) : tokens;
    }
}
