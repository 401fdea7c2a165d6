package dev.mme5.json;

/**
 * Tells whether bytes are UTF-8, by Unicode's table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF. One small loop,
 * since a new virtual machine runs it over megabytes before it has compiled much else.
 */
final class Utf8Validator {
    private Utf8Validator() {}

    /** Where the first sequence begins that is none, or {@code to}. */
    static int firstMalformed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int length = length(bytes, at, to);
            if (length == 0) return at;
            at += length;
        }
        return to;
    }

    /** Bytes of the character that begins with a byte beyond ASCII, or 0. */
    private static int length(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0xC2 || lead > 0xF4) return 0;
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (to - at < length) return 0;
        int second = bytes[at + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) return 0;
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) return 0;
        }
        return length;
    }
}
