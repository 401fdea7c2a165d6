package dev.mme5.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From token to id and back. A token is its bytes; strings are met only at the door. All bytes lie in one array, and a
 * hash table finds a token of the model by bytes that lie in the middle of a text, so encoding makes no strings.
 *
 * <p>Tokens of the model and added tokens share the ids, but only the former are found by their bytes: an added token
 * is cut out of the text before ({@link AddedTokens}), never found as a piece.
 */
final class Vocabulary {
    static final int ABSENT = -1;

    private final List<AddedToken> added;
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final Map<String, Integer> unspelled = new HashMap<>();   // tokens of the model that are not in the byte alphabet
    private final BitSet specials = new BitSet();
    private final BitSet known = new BitSet();
    private final byte[] bytes;      // of all tokens, in order of id
    private final int[] starts;      // [size + 1], into bytes
    private final int[] slots;       // ids by hash of their bytes; ABSENT: empty
    private final int longest;

    /**
     * @param model tokens of the model by id, in the byte alphabet; null where an id has none
     * @param added beside them; one may repeat a token of the model under the same id
     * @throws HashRuns.TooLong when the tokens were chosen so that finding one takes long
     */
    Vocabulary(String[] model, List<AddedToken> added) {
        this.added = List.copyOf(added);
        int size = model.length;
        for (AddedToken token : added) size = Math.max(size, token.id() + 1);

        byte[][] tokens = new byte[size][];
        BitSet pieces = new BitSet();
        for (int id = 0; id < model.length; id++) {
            if (model[id] == null) continue;
            tokens[id] = ByteAlphabet.bytes(model[id]);
            if (tokens[id] != null) {
                pieces.set(id);
            } else {
                tokens[id] = spelling(model[id]);
                unspelled.put(model[id], id);
            }
        }
        for (AddedToken token : added) {
            tokens[token.id()] = spelling(token.content());
            addedIds.put(token.content(), token.id());
            specials.set(token.id(), token.special());
        }

        starts = new int[size + 1];
        for (int id = 0; id < size; id++) {
            starts[id + 1] = starts[id] + (tokens[id] == null ? 0 : tokens[id].length);
            known.set(id, tokens[id] != null);
        }
        bytes = new byte[starts[size]];
        for (int id = 0; id < size; id++) {
            if (tokens[id] != null) System.arraycopy(tokens[id], 0, bytes, starts[id], tokens[id].length);
        }

        slots = new int[Integer.highestOneBit(Math.max(1, pieces.cardinality())) << 2];   // at most half full
        Arrays.fill(slots, ABSENT);
        int longestSoFar = 0;
        for (int id = pieces.nextSetBit(0); id >= 0; id = pieces.nextSetBit(id + 1)) {
            int hash = hash(bytes, starts[id], starts[id + 1]);
            int slot = slot(bytes, starts[id], starts[id + 1], hash);
            HashRuns.requireShort(slot - hash & slots.length - 1);
            slots[slot] = id;
            longestSoFar = Math.max(longestSoFar, starts[id + 1] - starts[id]);
        }
        longest = longestSoFar;
        HashRuns.requireShort(slots.length, slot -> slots[slot] != ABSENT);
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
        return starts.length - 1;
    }

    /** Whether the id is a token's: ids may have holes. */
    boolean has(int id) {
        return known.get(id);
    }

    boolean isSpecial(int id) {
        return specials.get(id);
    }

    /** The id of a token, written as in the file, or {@link #ABSENT}. */
    int id(String token) {
        Integer added = addedIds.get(token);
        return added != null ? added : modelId(token);
    }

    /** The same, but of the model's tokens alone. */
    int modelId(String token) {
        byte[] spelled = ByteAlphabet.bytes(token);
        if (spelled == null) return unspelled.getOrDefault(token, ABSENT);
        return find(spelled, 0, spelled.length, hash(spelled, 0, spelled.length));
    }

    /** The most bytes that {@link #find} can find. */
    int longest() {
        return longest;
    }

    /**
     * The model's token with these bytes, or {@link #ABSENT}.
     *
     * @param hash of the same range, by {@link #hash}
     */
    int find(byte[] text, int from, int to, int hash) {
        return slots[slot(text, from, to, hash)];
    }

    private int slot(byte[] text, int from, int to, int hash) {
        int mask = slots.length - 1;
        int at = hash & mask;
        while (slots[at] != ABSENT && !spells(slots[at], text, from, to)) at = at + 1 & mask;
        return at;
    }

    private boolean spells(int id, byte[] text, int from, int to) {
        return Arrays.equals(bytes, starts[id], starts[id + 1], text, from, to);
    }

    static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) hash = (hash ^ text[i]) * 0x01000193;   // FNV-1a; mixed, for its low bits are weak
        hash *= 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    /** How many bytes {@link #copy} writes. */
    int length(int id) {
        return starts[id + 1] - starts[id];
    }

    /** Writes what a token decodes to. */
    void copy(int id, byte[] out, int at) {
        System.arraycopy(bytes, starts[id], out, at, length(id));
    }
}
