package dev.mme5.tokenizer.model;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.LibraryNumber;
import java.util.HashSet;
import java.util.Set;

/** Reads a model of type Unigram, whose vocabulary is a list of tokens with their scores. */
final class UnigramModelReader {
    private static final int UNKNOWN_OF_XLM_ROBERTA = 3;

    private UnigramModelReader() {}

    /**
     * @param raw its tables are used if it could read them
     * @throws ModelFormatException if the model contradicts itself
     */
    static UnigramModel read(JsonObject model, RawVocabularyReader raw) {
        return read(model, raw, model.integer("unk_id"), model.bool("byte_fallback", false));
    }

    /**
     * The model that transformers' XLMRobertaTokenizer makes of the tokens: it reads no settings of the file.
     *
     * @throws ModelFormatException if the model contradicts itself, or has too few tokens
     */
    static UnigramModel ofXlmRobertaTokenizer(JsonObject model, RawVocabularyReader raw) {
        JsonArray vocab = model.array("vocab");
        int tokens = raw.scores() == null ? vocab.size() : raw.scores().length;
        if (tokens <= UNKNOWN_OF_XLM_ROBERTA) {
            throw model.error("vocab", "expected more than %d tokens: XLMRobertaTokenizer has id %d for unknown text, found %d"
                    .formatted(UNKNOWN_OF_XLM_ROBERTA, UNKNOWN_OF_XLM_ROBERTA, tokens));
        }
        return read(model, raw, UNKNOWN_OF_XLM_ROBERTA, false);
    }

    private static UnigramModel read(JsonObject model, RawVocabularyReader raw, int unknownId, boolean hasByteFallback) {
        JsonArray vocab = model.array("vocab");
        boolean isRaw = raw.scores() != null;
        TokenTable tokens = isRaw ? raw.scoredTokens() : TokenTable.literal();
        double[] scores = isRaw ? raw.scores() : fill(tokens, vocab);
        if (unknownId < 0 || unknownId >= scores.length) {
            throw model.error("unk_id", "expected an index of vocab, 0 to " + (scores.length - 1) + ", found " + unknownId);
        }
        return new UnigramModel(tokens, scores, unknownId, hasByteFallback ? byteIds(tokens) : null);
    }

    /** Adds the tokens to an empty table, and returns their scores. */
    private static double[] fill(TokenTable tokens, JsonArray vocab) {
        double[] scores = new double[vocab.size()];
        for (int id = 0; id < scores.length; id++) {
            JsonArray entry = vocab.array(id);
            if (entry.size() != 2) throw vocab.error(id, "expected a token and its score, found " + entry.size() + " elements");
            tokens.put(id, entry.text(0));
            scores[id] = LibraryNumber.of(entry.number(1));
        }
        if (!tokens.buildIndex()) throw duplicate(vocab);
        return scores;
    }

    private static ModelFormatException duplicate(JsonArray vocab) {
        Set<String> seen = new HashSet<>();
        int id = 0;
        while (seen.add(vocab.array(id).text(0))) id++;
        return vocab.error(id, JsonWriter.quote(vocab.array(id).text(0)) + " occurs twice");
    }

    /** The token of each byte, or {@link TokenTable#ABSENT}. */
    private static int[] byteIds(TokenTable tokens) {
        int[] ids = new int[256];
        for (int b = 0; b < ids.length; b++) ids[b] = tokens.id("<0x%02X>".formatted(b));
        return ids;
    }
}
