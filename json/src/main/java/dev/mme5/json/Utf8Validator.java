package dev.mme5.json;

/**
 * Checks that bytes are well-formed UTF-8 by Unicode's table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. It
 * is one small loop because a newly started JVM runs it over megabytes before it has compiled much else.
 */
final class Utf8Validator {
    private Utf8Validator() {}

    /** Returns the offset of the first malformed sequence, or {@code to} if there is none. */
    static int firstMalformed(byte[] bytes, int from, int to) {
        int offset = from;
        while (offset < to) {
            if (bytes[offset] >= 0) {
                offset++;
                continue;
            }
            int length = length(bytes, offset, to);
            if (length == 0) return offset;
            offset += length;
        }
        return to;
    }

    /** Length in bytes of the non-ASCII character at {@code offset}; 0 if it is malformed. */
    private static int length(byte[] bytes, int offset, int to) {
        int lead = bytes[offset] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) return 0;
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (to - offset < length) return 0;
        int second = bytes[offset + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) return 0;
        for (int i = 2; i < length; i++) {
            if ((bytes[offset + i] & 0xC0) != 0x80) return 0;
        }
        return length;
    }
}
