package dev.mme5.tokenizer;

import java.util.Arrays;

/**
 * 256 bytes as 256 printable characters: how byte-level BPE writes tokens into JSON, as GPT-2's {@code
 * bytes_to_unicode} does.
 *
 * <p>Bytes that print in Latin-1 stand for themselves; the other 68 (controls, space, DEL, NBSP, soft hyphen) get
 * U+0100, U+0101, ... in ascending order, so a space is {@code Ġ} and a newline is {@code Ċ}.
 */
final class ByteAlphabet {
    private static final int FIRST_STAND_IN = 0x100;
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[FIRST_STAND_IN + 68];   // by character; -1: not in the alphabet

    static {
        Arrays.fill(BYTES, (short) -1);
        int standIn = FIRST_STAND_IN;
        for (int b = 0; b < 256; b++) {
            boolean prints = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHARACTERS[b] = (char) (prints ? b : standIn++);
            BYTES[CHARACTERS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** The byte from 0 to 255 that a character stands for, or -1. */
    static int value(int character) {
        return character >= 0 && character < BYTES.length ? BYTES[character] : -1;
    }

    /** The bytes that a token spells, or null when one of its characters is not in the alphabet. */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = value(token.charAt(i));
            if (value < 0) return null;
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
