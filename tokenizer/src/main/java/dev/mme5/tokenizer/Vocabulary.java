package dev.mme5.tokenizer;

import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.common.Utf8;
import dev.mme5.tokenizer.model.TokenTable;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All tokens by id: those of the model and the added ones. They share the ids, but only tokens of the model are found by their
 * bytes; added tokens are found by {@link AddedTokenSplitter} before the text is split into pieces.
 */
final class Vocabulary {
    private final TokenTable model;
    private final List<AddedToken> added;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Map<Integer, byte[]> addedBytes = new HashMap<>();
    private final BitSet specials = new BitSet();
    private final int size;

    /** @param added may contain tokens of the model, under the same ids */
    Vocabulary(TokenTable model, List<AddedToken> added) {
        this.model = model;
        this.added = List.copyOf(added);
        int maxSize = model.size();
        for (AddedToken token : added) {
            maxSize = Math.max(maxSize, token.id() + 1);
            addedBytes.put(token.id(), model.isByteLevel() ? decoded(token.content()) : Utf8.encode(token.content()));
            addedIds.put(token.content(), token.id());
            specials.set(token.id(), token.special());
        }
        size = maxSize;
    }

    /**
     * The bytes to which a token decodes. As in the tokenizers library, a token whose characters are all in the byte alphabet is
     * decoded by it, even if it was added and meant literally; any other token decodes to the UTF-8 of its characters.
     */
    private static byte[] decoded(String token) {
        byte[] bytes = ByteAlphabet.bytes(token);
        return bytes != null ? bytes : token.getBytes(StandardCharsets.UTF_8);
    }

    /** The added tokens, in file order. */
    List<AddedToken> added() {
        return added;
    }

    /** The highest id plus 1. */
    int size() {
        return size;
    }

    /** Whether a token has that id; ids may have gaps. */
    boolean has(int id) {
        return model.has(id) || addedBytes.containsKey(id);
    }

    boolean isSpecial(int id) {
        return specials.get(id);
    }

    /** The id of a token as it is written in the file; empty if there is none. */
    OptionalInt id(String token) {
        Integer id = addedIds.get(token);
        if (id != null) return OptionalInt.of(id);
        int idInModel = model.id(token);
        return idInModel == TokenTable.ABSENT ? OptionalInt.empty() : OptionalInt.of(idInModel);
    }

    /** Length of the bytes that {@link #copy} writes. */
    int length(int id) {
        return model.has(id) ? model.length(id) : addedBytes.get(id).length;
    }

    /** Copies the bytes to which a token decodes to {@code out}, beginning at {@code offset}. */
    void copy(int id, byte[] out, int offset) {
        if (model.has(id)) {
            model.copy(id, out, offset);
        } else {
            byte[] bytes = addedBytes.get(id);
            System.arraycopy(bytes, 0, out, offset, bytes.length);
        }
    }
}
