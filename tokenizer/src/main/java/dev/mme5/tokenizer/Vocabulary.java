package dev.mme5.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From token to id and back. A token is its bytes; strings are met only at the door.
 *
 * <p>Tokens of the model and added tokens share the ids, but only the former are found by their bytes: an added token
 * is cut out of the text before ({@link AddedTokenSplitter}), never found as a piece.
 */
final class Vocabulary {
    static final int ABSENT = TokenTable.ABSENT;

    private final TokenTable model;
    private final List<AddedToken> added;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Map<Integer, byte[]> addedBytes = new HashMap<>();
    private final BitSet specials = new BitSet();
    private final int size;

    /** @param added beside those of the model; one may repeat a token of the model under the same id */
    Vocabulary(TokenTable model, List<AddedToken> added) {
        this.model = model;
        this.added = List.copyOf(added);
        int highest = model.size();
        for (AddedToken token : added) {
            highest = Math.max(highest, token.id() + 1);
            addedBytes.put(token.id(), spelling(token.content()));
            addedIds.put(token.content(), token.id());
            specials.set(token.id(), token.special());
        }
        size = highest;
    }

    /**
     * What a token decodes to, as the tokenizers library has it: read by the byte alphabet if all its characters are in
     * it, even where the token was added and meant literally, else the UTF-8 of its characters.
     */
    private static byte[] spelling(String token) {
        byte[] spelled = ByteAlphabet.bytes(token);
        return spelled != null ? spelled : token.getBytes(StandardCharsets.UTF_8);
    }

    /** In the order of the file. */
    List<AddedToken> added() {
        return added;
    }

    /** The highest id, and one. */
    int size() {
        return size;
    }

    /** Whether the id is a token's: ids may have holes. */
    boolean has(int id) {
        return model.has(id) || addedBytes.containsKey(id);
    }

    boolean isSpecial(int id) {
        return specials.get(id);
    }

    /** The id of a token, written as in the file, or {@link #ABSENT}. */
    int id(String token) {
        Integer id = addedIds.get(token);
        return id != null ? id : model.id(token);
    }

    /** The tokens of the model alone. */
    TokenTable model() {
        return model;
    }

    /** How many bytes {@link #copy} writes. */
    int length(int id) {
        return model.has(id) ? model.length(id) : addedBytes.get(id).length;
    }

    /** Writes what a token decodes to. */
    void copy(int id, byte[] out, int at) {
        if (model.has(id)) {
            model.copy(id, out, at);
        } else {
            byte[] spelled = addedBytes.get(id);
            System.arraycopy(spelled, 0, out, at, spelled.length);
        }
    }
}
