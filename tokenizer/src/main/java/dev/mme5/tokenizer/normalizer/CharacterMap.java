package dev.mme5.tokenizer.normalizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The binary character map of a SentencePiece model ({@code precompiled_charsmap}): the size of a trie in bytes, the trie as a double
 * array of 32-bit units (Darts-clone), then the replacements in UTF-8, each ended by a zero byte. All integers are little-endian.
 *
 * <p>A unit has, from the lowest bit: label 8, has-leaf 1, offset-is-shifted 1, offset 22; bit 31 marks a leaf, whose other bits are
 * the offset of the replacement.
 */
final class CharacterMap {
    private static final int LEAF = 1 << 31;
    private static final int LABEL_MASK = LEAF | 0xFF;
    private static final int HAS_LEAF = 1 << 8;
    private static final int OFFSET_IS_SHIFTED = 1 << 9;

    private final int[] units;
    private final byte[] replacements;

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /** @throws IllegalArgumentException if the bytes are no character map; the message says why */
    static CharacterMap of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Integer.BYTES) throw new IllegalArgumentException("expected a character map, found " + bytes.length + " bytes");
        long trieBytes = Integer.toUnsignedLong(in.getInt());
        if (trieBytes == 0 || trieBytes % Integer.BYTES != 0 || trieBytes > in.remaining()) {
            throw new IllegalArgumentException(
                    "expected a trie of whole units in %d bytes, found one of %d".formatted(in.remaining(), trieBytes));
        }
        int[] units = new int[(int) (trieBytes / Integer.BYTES)];
        for (int i = 0; i < units.length; i++) units[i] = in.getInt();
        byte[] replacements = new byte[in.remaining()];
        in.get(replacements);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the replacements are not UTF-8", e);
        }
        return new CharacterMap(units, replacements);
    }

    /** The replacement of the shortest entry that the key begins with; null if there is none. */
    String replacement(byte[] key) {
        int node = offset(units[0]);
        for (byte b : key) {
            if (b == 0) return null;
            node ^= b & 0xFF;
            if (node >= units.length) return null;
            int unit = units[node];
            if ((unit & LABEL_MASK) != (b & 0xFF)) return null;
            node ^= offset(unit);
            if ((unit & HAS_LEAF) != 0) return node < units.length ? replacementAt(units[node] & ~LEAF) : null;
        }
        return null;
    }

    private String replacementAt(int start) {
        if (start >= replacements.length) return null;
        int end = start;
        while (end < replacements.length && replacements[end] != 0) end++;
        return new String(replacements, start, end - start, StandardCharsets.UTF_8);
    }

    /** Bytes of the longest replacement, at least 1. */
    int maxReplacementBytes() {
        int max = 1;
        int start = 0;
        for (int i = 0; i <= replacements.length; i++) {
            if (i < replacements.length && replacements[i] != 0) continue;
            max = Math.max(max, i - start);
            start = i + 1;
        }
        return max;
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & OFFSET_IS_SHIFTED) >>> 6);
    }
}
