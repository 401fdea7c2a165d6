package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.common.ProbeLengthLimit;
import dev.mme5.tokenizer.common.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens of a model: their bytes by id, and a hash table that finds the id of a span of text. All bytes are in one array. One
 * thread fills it, by {@link #put} for each token and {@link #buildIndex} at the end; then any number of threads may read.
 */
public final class TokenTable {
    public static final int ABSENT = -1;

    private byte[] bytes = new byte[1 << 12];   // of all tokens, in insertion order
    private int used;
    private int[] bounds = new int[1 << 11];    // [ids, 2]: start and end in bytes; ABSENT: no token
    private int size;
    private int count;
    private int maxLength;
    private int[] slots = {ABSENT};             // ids by hash of their bytes; ABSENT: empty
    private final Map<String, Integer> nonByteTokens = new HashMap<>();   // not in the byte alphabet, so no text matches them

    private final boolean isByteLevel;

    /** An empty table of tokens that are written in the byte alphabet. */
    TokenTable() {
        this(true);
    }

    private TokenTable(boolean isByteLevel) {
        this.isByteLevel = isByteLevel;
        Arrays.fill(bounds, ABSENT);
    }

    /** An empty table of tokens that are written as they are: their bytes are their UTF-8. */
    static TokenTable literal() {
        return new TokenTable(false);
    }

    /** Whether tokens are written in the byte alphabet, and stand for any bytes; else they are written as they are. */
    public boolean isByteLevel() {
        return isByteLevel;
    }

    /** The same tokens written in the other way: as they are, or in the byte alphabet. */
    static TokenTable converted(TokenTable source) {
        TokenTable tokens = new TokenTable(!source.isByteLevel);
        for (int id = 0; id < source.size(); id++) {
            if (source.has(id)) tokens.put(id, source.token(id));
        }
        tokens.buildIndex(); // finds no duplicates: both forms tell the same tokens apart
        return tokens;
    }

    /** Adds a token by its bytes and returns true, or returns false if the id already has a token. */
    boolean put(int id, byte[] token, int length) {
        if (!append(id, token, length)) return false;
        count++;
        maxLength = Math.max(maxLength, length);
        return true;
    }

    /** Adds a token as it is written in the file, in the byte alphabet or not. */
    boolean put(int id, String token) {
        if (!isByteLevel) {
            byte[] utf8 = Utf8.encode(token);
            return put(id, utf8, utf8.length);
        }
        byte[] decoded = ByteAlphabet.bytes(token);
        if (decoded != null) return put(id, decoded, decoded.length);
        byte[] literal = token.getBytes(StandardCharsets.UTF_8);
        if (!append(id, literal, literal.length)) return false;
        nonByteTokens.put(token, id);
        return true;
    }

    private boolean append(int id, byte[] token, int length) {
        if (has(id)) return false;
        if (2 * id >= bounds.length) {
            int previous = bounds.length;
            bounds = Arrays.copyOf(bounds, 2 * Math.max(id + 1, Math.min(previous, VocabularyReader.MAX_ID + 1)));
            Arrays.fill(bounds, previous, bounds.length, ABSENT);
        }
        if (bytes.length - used < length) bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
        System.arraycopy(token, 0, bytes, used, length);
        bounds[2 * id] = used;
        used += length;
        bounds[2 * id + 1] = used;
        size = Math.max(size, id + 1);
        return true;
    }

    /**
     * Builds the hash table, after the last {@link #put}.
     *
     * @return false if two tokens have the same bytes
     * @throws ProbeLengthLimit.ExceededException if tokens collide too often to do so by chance
     */
    boolean buildIndex() {
        int[] excluded = nonByteTokens.values().stream().mapToInt(Integer::intValue).sorted().toArray();

        slots = new int[Integer.highestOneBit(Math.max(1, count)) << 2];   // at most half full
        Arrays.fill(slots, ABSENT);
        for (int id = 0; id < size; id++) {
            if (!has(id) || excluded.length > 0 && Arrays.binarySearch(excluded, id) >= 0) continue;
            int hash = hash(bytes, start(id), end(id));
            int slot = slot(bytes, start(id), end(id), hash);
            ProbeLengthLimit.check(slot - hash & slots.length - 1);
            if (slots[slot] != ABSENT) return false;
            slots[slot] = id;
        }
        ProbeLengthLimit.checkTable(slots.length, slot -> slots[slot] != ABSENT);
        return true;
    }

    /** The highest id plus 1. */
    public int size() {
        return size;
    }

    /** Whether a token has that id; ids may have gaps. */
    public boolean has(int id) {
        return id < size && start(id) != ABSENT;
    }

    /** Maximum length of the tokens that {@link #find} finds, in bytes. */
    int maxLength() {
        return maxLength;
    }

    /** Length of all tokens together, in bytes. */
    int totalLength() {
        return used;
    }

    /** The id of a token as it is written in the file, or {@link #ABSENT}. */
    public int id(String token) {
        byte[] decoded = isByteLevel ? ByteAlphabet.bytes(token) : Utf8.encode(token);
        if (decoded == null) return nonByteTokens.getOrDefault(token, ABSENT);
        return find(decoded, 0, decoded.length, hash(decoded, 0, decoded.length));
    }

    /** The token of an id, as it is written in the file. */
    public String token(int id) {
        for (Map.Entry<String, Integer> entry : nonByteTokens.entrySet()) {
            if (entry.getValue() == id) return entry.getKey();
        }
        if (!isByteLevel) return new String(bytes, start(id), length(id), StandardCharsets.UTF_8);
        StringBuilder token = new StringBuilder();
        for (int i = start(id); i < end(id); i++) token.append(ByteAlphabet.character(bytes[i] & 0xFF));
        return token.toString();
    }

    /**
     * The id of the token with these bytes, or {@link #ABSENT}.
     *
     * @param hash of the same span, by {@link #hash}
     */
    int find(byte[] text, int from, int to, int hash) {
        return slots[slot(text, from, to, hash)];
    }

    private int slot(byte[] text, int from, int to, int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != ABSENT && !matches(slots[slot], text, from, to)) slot = slot + 1 & mask;
        return slot;
    }

    /** Whether the token of that id exists and has these bytes. */
    boolean matches(int id, byte[] text, int from, int to) {
        if (id >= size) return false;
        int start = start(id);
        if (end(id) - start != to - from) return false;
        for (int i = from; i < to; i++) {   // not Arrays.equals, whose setup does not pay off for a few bytes
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

    /** The hash of a span. */
    static int hash(byte[] text, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) sum = addToHash(sum, text[i]);
        return finishedHash(sum);
    }

    /** Adds one byte to a running FNV-1a hash, which starts at 0; {@link #finishedHash} completes it. */
    static int addToHash(int sum, byte b) {
        return (sum ^ b) * 0x01000193;
    }

    /** Completes a hash: mixes its bits, because its low bits are weak. */
    static int finishedHash(int sum) {
        int hash = sum * 0x9E3779B1;
        return hash ^ hash >>> 15;
    }

    /** Length of a token, in bytes. */
    public int length(int id) {
        return end(id) - start(id);
    }

    /** One byte of a token. */
    byte byteAt(int id, int offset) {
        return bytes[start(id) + offset];
    }

    /** Copies the bytes of a token to {@code out}, beginning at {@code offset}. */
    public void copy(int id, byte[] out, int offset) {
        System.arraycopy(bytes, start(id), out, offset, length(id));
    }
}
