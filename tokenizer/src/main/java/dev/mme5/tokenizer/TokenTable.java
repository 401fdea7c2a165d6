package dev.mme5.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens of a model by id, each as the bytes that it spells, and a hash table that finds one by bytes in the middle of a text. All
 * bytes lie in one array. Filled by its maker: {@link #put} for each, then {@link #index}; from then on only read, by any number of
 * threads.
 */
final class TokenTable {
    static final int ABSENT = -1;

    private byte[] bytes = new byte[1 << 12];   // of all tokens, in order of their coming
    private int used;
    private int[] bounds = new int[1 << 11];    // [ids, 2]: start and end in bytes, side by side; ABSENT: no token
    private int size;
    private int count;
    private int longest;
    private int[] slots = {ABSENT};             // ids by hash of their bytes; ABSENT: empty
    private final Map<String, Integer> unspelled = new HashMap<>();   // what is not written in the byte alphabet, which no text spells

    TokenTable() {
        Arrays.fill(bounds, ABSENT);
    }

    /** False when the id has a token already. */
    boolean put(int id, byte[] spelled, int length) {
        if (!append(id, spelled, length)) return false;
        count++;
        longest = Math.max(longest, length);
        return true;
    }

    /** The same for a token as it is written in the file, in the byte alphabet or not. */
    boolean put(int id, String token) {
        byte[] spelled = ByteAlphabet.bytes(token);
        if (spelled != null) return put(id, spelled, spelled.length);
        byte[] literal = token.getBytes(StandardCharsets.UTF_8);
        if (!append(id, literal, literal.length)) return false;
        unspelled.put(token, id);
        return true;
    }

    private boolean append(int id, byte[] spelled, int length) {
        if (has(id)) return false;
        if (2 * id >= bounds.length) {
            int before = bounds.length;
            bounds = Arrays.copyOf(bounds, 2 * Math.max(id + 1, Math.min(before, VocabularyReader.HIGHEST_ID + 1)));
            Arrays.fill(bounds, before, bounds.length, ABSENT);
        }
        if (bytes.length - used < length) bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
        System.arraycopy(spelled, 0, bytes, used, length);
        bounds[2 * id] = used;
        used += length;
        bounds[2 * id + 1] = used;
        size = Math.max(size, id + 1);
        return true;
    }

    /**
     * To be called when all is put.
     *
     * @return false when two tokens are the same
     * @throws ProbeLengthLimit.TooLong when the tokens were chosen so that finding one takes long
     */
    boolean index() {
        int[] foreign = new int[unspelled.size()];
        int foreigners = 0;
        for (int id : unspelled.values()) foreign[foreigners++] = id;
        Arrays.sort(foreign);

        slots = new int[Integer.highestOneBit(Math.max(1, count)) << 2];   // at most half full
        Arrays.fill(slots, ABSENT);
        for (int id = 0; id < size; id++) {
            if (!has(id) || foreigners > 0 && Arrays.binarySearch(foreign, id) >= 0) continue;
            int hash = hash(bytes, start(id), end(id));
            int slot = slot(bytes, start(id), end(id), hash);
            ProbeLengthLimit.requireShort(slot - hash & slots.length - 1);
            if (slots[slot] != ABSENT) return false;
            slots[slot] = id;
        }
        ProbeLengthLimit.requireShort(slots.length, slot -> slots[slot] != ABSENT);
        return true;
    }

    /** The highest id, and one. */
    int size() {
        return size;
    }

    /** Whether the id is a token's: ids may have holes. */
    boolean has(int id) {
        return id < size && start(id) != ABSENT;
    }

    /** The most bytes that {@link #find} can find. */
    int longest() {
        return longest;
    }

    /** The id of a token, written as in the file, or {@link #ABSENT}. */
    int id(String token) {
        byte[] spelled = ByteAlphabet.bytes(token);
        if (spelled == null) return unspelled.getOrDefault(token, ABSENT);
        return find(spelled, 0, spelled.length, hash(spelled, 0, spelled.length));
    }

    /** A token as it is written in the file. */
    String token(int id) {
        for (Map.Entry<String, Integer> entry : unspelled.entrySet()) {
            if (entry.getValue() == id) return entry.getKey();
        }
        StringBuilder token = new StringBuilder();
        for (int i = start(id); i < end(id); i++) token.append(ByteAlphabet.character(bytes[i] & 0xFF));
        return token.toString();
    }

    /**
     * The token with these bytes, or {@link #ABSENT}.
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

    /** Whether there is a token of this id, and these are its bytes. */
    boolean spells(int id, byte[] text, int from, int to) {
        if (id >= size) return false;
        int start = start(id);
        if (end(id) - start != to - from) return false;
        for (int i = from; i < to; i++) {   // most are a few bytes: too short for Arrays.equals to be worth its preparations
            if (bytes[start + i - from] != text[i]) return false;
        }
        return start != ABSENT;
    }

    private int start(int id) {
        return bounds[2 * id];
    }

    private int end(int id) {
        return bounds[2 * id + 1];
    }

    static int hash(byte[] text, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) sum = addToHash(sum, text[i]);
        return finishedHash(sum);
    }

    /** FNV-1a. From 0, byte by byte; then to be given to {@link #finishedHash}. */
    static int addToHash(int sum, byte b) {
        return (sum ^ b) * 0x01000193;
    }

    /** Mixed, for the low bits of the sum are weak. */
    static int finishedHash(int sum) {
        int hash = sum * 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    int length(int id) {
        return end(id) - start(id);
    }

    void copy(int id, byte[] out, int at) {
        System.arraycopy(bytes, start(id), out, at, length(id));
    }
}
