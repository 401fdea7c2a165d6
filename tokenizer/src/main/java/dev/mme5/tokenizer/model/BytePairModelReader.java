package dev.mme5.tokenizer.model;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.common.IntPairMap;
import dev.mme5.tokenizer.common.KindChecks;

/** Reads a model of type BPE whose vocabulary is written in the byte alphabet and has a token for each byte. */
final class BytePairModelReader {
    private BytePairModelReader() {}

    /**
     * @param raw its tables are used if it could read them
     * @throws ModelFormatException if a setting is not supported or the model contradicts itself
     */
    static BytePairModel read(JsonObject model, RawVocabularyReader raw) {
        checkSettings(model);
        JsonObject vocab = model.object("vocab");
        TokenTable tokens = raw.tokens() != null ? byteLevel(raw.tokens()) : VocabularyReader.read(vocab);
        checkBytes(tokens, vocab);
        IntPairMap merges = raw.merges() != null ? raw.merges() : merges(model.array("merges"), tokens);
        return new BytePairModel(tokens, model.bool("ignore_merges", false), new BytePairMerger(tokens, merges));
    }

    /** The tokens in the byte alphabet: the raw reader takes them as they are written if one is not in it. */
    private static TokenTable byteLevel(TokenTable tokens) {
        return tokens.isByteLevel() ? tokens : TokenTable.converted(tokens);
    }

    private static void checkSettings(JsonObject model) {
        KindChecks.requireNull(model, "unk_token");
        KindChecks.requireNull(model, "dropout");
        for (String key : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
            if (!model.text(key, "").isEmpty()) throw KindChecks.unsupported(model, key, "null");
        }
        KindChecks.requireFlag(model, "byte_fallback", false, false);
    }

    private static void checkBytes(TokenTable tokens, JsonObject vocab) {
        for (int b = 0; b < 256; b++) {
            String character = String.valueOf(ByteAlphabet.character(b));
            if (tokens.id(character) == TokenTable.ABSENT) {
                String problem = "no token %s for byte %d: expected one for each of the 256 bytes";
                throw new ModelFormatException(vocab.source(), vocab.location(), problem.formatted(JsonWriter.quote(character), b));
            }
        }
    }

    /**
     * Reads {@code model.merges}. The rank of a merge is its index; an entry is {@code "left right"} or, because tokens may contain
     * spaces, {@code ["left", "right"]}. If a pair occurs twice, the last rank counts, as in the tokenizers library.
     *
     * @return (left id, right id) to {@code rank << 32 | merged id}
     * @throws ModelFormatException if an entry is malformed, or one of its tokens is not in the vocabulary
     */
    static IntPairMap merges(JsonArray merges, TokenTable tokens) {
        IntPairMap map = new IntPairMap(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String[] pair = pair(merges, rank);
            int left = id(pair[0], tokens, merges, rank);
            int right = id(pair[1], tokens, merges, rank);
            int merged = id(pair[0] + pair[1], tokens, merges, rank);
            map.put(left, right, (long) rank << 32 | merged);
        }
        map.checkProbeLengths();
        return map;
    }

    private static String[] pair(JsonArray merges, int rank) {
        switch (merges.get(rank)) {
            case Json.Text(String both) -> {
                int space = both.indexOf(' ');
                if (space > 0 && space < both.length() - 1 && space == both.lastIndexOf(' ')) {
                    return new String[] {both.substring(0, space), both.substring(space + 1)};
                }
            }
            case JsonArray two when two.size() == 2 -> {
                return new String[] {two.text(0), two.text(1)};
            }
            default -> {}
        }
        throw merges.error(rank, "expected two tokens, \"left right\" or [\"left\", \"right\"], found " + merges.get(rank));
    }

    private static int id(String token, TokenTable tokens, JsonArray merges, int rank) {
        int id = tokens.id(token);
        if (id == TokenTable.ABSENT) throw merges.error(rank, JsonWriter.quote(token) + " is not in the vocabulary");
        return id;
    }
}
