package dev.mme5.tokenizer.common;

import java.util.Arrays;

/**
 * Maps 256 bytes to 256 printable characters. Byte-level BPE writes tokens to JSON in this alphabet, as {@code bytes_to_unicode} of
 * GPT-2 does.
 *
 * <p>Bytes that are printable in Latin-1 map to themselves. The other 68 (controls, space, DEL, NBSP, soft hyphen) map to U+0100,
 * U+0101, ... in ascending order: a space is {@code Ġ} and a newline is {@code Ċ}.
 */
public final class ByteAlphabet {
    private static final int FIRST_REPLACEMENT = 0x100;
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[FIRST_REPLACEMENT + 68];   // by character; -1: not in the alphabet

    static {
        Arrays.fill(BYTES, (short) -1);
        int replacement = FIRST_REPLACEMENT;
        for (int b = 0; b < 256; b++) {
            boolean isPrintable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHARACTERS[b] = (char) (isPrintable ? b : replacement++);
            BYTES[CHARACTERS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** The character of a byte from 0 to 255. */
    public static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** The byte of a character, from 0 to 255, or -1 if it is not in the alphabet. */
    public static int value(int character) {
        return character >= 0 && character < BYTES.length ? BYTES[character] : -1;
    }

    /** The bytes of a token, or null if one of its characters is not in the alphabet. */
    public static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = value(token.charAt(i));
            if (value < 0) return null;
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
