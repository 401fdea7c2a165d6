package dev.mme5.tokenizer;

import java.nio.charset.StandardCharsets;

/** Text to UTF-8 and back, with U+FFFD wherever one side cannot be said in the other. */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** Well-formed UTF-8; an unpaired surrogate, which has no UTF-8 form, becomes U+FFFD. */
    static byte[] encode(String text) {
        return withoutUnpairedSurrogates(text).getBytes(StandardCharsets.UTF_8);
    }

    private static String withoutUnpairedSurrogates(String text) {
        StringBuilder repaired = null;   // made only when needed: nearly all text is sound
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                i++;
            } else {
                if (repaired == null) repaired = new StringBuilder(text);
                repaired.setCharAt(i, REPLACEMENT);
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    /** How many bytes the code point has whose first byte this is. In well-formed UTF-8 only. */
    static int length(byte first) {
        if (first >= 0) return 1;
        int lead = first & 0xFF;
        return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** In well-formed UTF-8, at the first byte of a code point. */
    static int codePoint(byte[] utf8, int at) {
        int lead = utf8[at] & 0xFF;
        if (lead < 0x80) return lead;
        if (lead < 0xE0) return (lead & 0x1F) << 6 | continuation(utf8, at + 1);
        if (lead < 0xF0) return (lead & 0x0F) << 12 | continuation(utf8, at + 1) << 6 | continuation(utf8, at + 2);
        return (lead & 0x07) << 18 | continuation(utf8, at + 1) << 12 | continuation(utf8, at + 2) << 6
                | continuation(utf8, at + 3);
    }

    /** Where the code point starts that ends before {@code end}. In well-formed UTF-8 only. */
    static int startOfLast(byte[] utf8, int end) {
        int at = end - 1;
        while ((utf8[at] & 0xC0) == 0x80) at--;
        return at;
    }

    private static int continuation(byte[] utf8, int at) {
        return utf8[at] & 0x3F;
    }

    /**
     * Any bytes. Each maximal subpart of an ill-formed sequence becomes one U+FFFD, as Unicode recommends (chapter 3.9,
     * U+FFFD substitution of maximal subparts) and as the tokenizers library does. Not the JDK's decoder: for an
     * encoded surrogate that gives one U+FFFD where three are due.
     */
    static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            int lead = bytes[at++] & 0xFF;
            int missing = continuationBytes(lead);
            int codePoint = missing == 0 ? lead : lead & 0x3F >> missing;
            boolean first = true;
            while (missing > 0 && at < bytes.length && mayFollow(lead, first, bytes[at] & 0xFF)) {
                codePoint = codePoint << 6 | continuation(bytes, at++);
                missing--;
                first = false;
            }
            text.appendCodePoint(missing == 0 ? codePoint : REPLACEMENT);
        }
        return text.toString();
    }

    /** How many bytes a lead byte asks for; -1 when it can lead nothing. */
    private static int continuationBytes(int lead) {
        if (lead < 0x80) return 0;
        if (lead < 0xC2 || lead > 0xF4) return -1;
        return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    }

    /** Unicode's table 3-7: the second byte's range rules out overlong forms, surrogates and all above U+10FFFF. */
    private static boolean mayFollow(int lead, boolean first, int next) {
        int low = first && lead == 0xE0 ? 0xA0 : first && lead == 0xF0 ? 0x90 : 0x80;
        int high = first && lead == 0xED ? 0x9F : first && lead == 0xF4 ? 0x8F : 0xBF;
        return next >= low && next <= high;
    }
}
