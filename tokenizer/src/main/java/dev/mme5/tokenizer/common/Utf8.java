package dev.mme5.tokenizer.common;

import java.nio.charset.StandardCharsets;

/** Converts text to UTF-8 and back; everything that has no form on the other side becomes U+FFFD. */
public final class Utf8 {
    /** Maximum length of a code point, in bytes. */
    public static final int MAX_LENGTH = 4;

    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /** Returns well-formed UTF-8. An unpaired surrogate, which has no form in UTF-8, becomes U+FFFD. */
    public static byte[] encode(String text) {
        return withoutUnpairedSurrogates(text).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a code point that is no surrogate to {@code out}, beginning at {@code offset}, and returns how many bytes it has. */
    public static int encode(int codePoint, byte[] out, int offset) {
        if (codePoint < 0x80) {
            out[offset] = (byte) codePoint;
            return 1;
        }
        int length = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        int rest = codePoint;
        for (int i = length - 1; i > 0; i--, rest >>>= 6) out[offset + i] = (byte) (0x80 | rest & 0x3F);
        out[offset] = (byte) (0xF00 >> length | rest);
        return length;
    }

    private static String withoutUnpairedSurrogates(String text) {
        StringBuilder repaired = null;   // created only if needed, because nearly all text is well-formed
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

    /** Length in bytes of the code point with this first byte. For well-formed UTF-8 only. */
    public static int length(byte first) {
        if (first >= 0) return 1;
        int lead = first & 0xFF;
        return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** The code point whose first byte is offset {@code offset}. For well-formed UTF-8 only. */
    public static int codePoint(byte[] utf8, int offset) {
        int lead = utf8[offset] & 0xFF;
        if (lead < 0x80) return lead;
        if (lead < 0xE0) return (lead & 0x1F) << 6 | continuation(utf8, offset + 1);
        if (lead < 0xF0) return (lead & 0x0F) << 12 | continuation(utf8, offset + 1) << 6 | continuation(utf8, offset + 2);
        return (lead & 0x07) << 18 | continuation(utf8, offset + 1) << 12 | continuation(utf8, offset + 2) << 6
                | continuation(utf8, offset + 3);
    }

    /** Offset of the last code point before {@code end}. For well-formed UTF-8 only. */
    public static int startOfLast(byte[] utf8, int end) {
        int offset = end - 1;
        while ((utf8[offset] & 0xC0) == 0x80) offset--;
        return offset;
    }

    private static int continuation(byte[] utf8, int offset) {
        return utf8[offset] & 0x3F;
    }

    /**
     * Decodes any bytes. Each maximal subpart of an ill-formed sequence becomes one U+FFFD, as Unicode recommends (chapter 3.9,
     * U+FFFD substitution of maximal subparts) and as the tokenizers library does. The decoder of the JDK differs: it replaces an
     * encoded surrogate by one U+FFFD, not three.
     */
    public static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int offset = 0;
        while (offset < bytes.length) {
            int lead = bytes[offset++] & 0xFF;
            int missing = continuationBytes(lead);
            int codePoint = missing == 0 ? lead : lead & 0x3F >> missing;
            boolean first = true;
            while (missing > 0 && offset < bytes.length && mayFollow(lead, first, bytes[offset] & 0xFF)) {
                codePoint = codePoint << 6 | continuation(bytes, offset++);
                missing--;
                first = false;
            }
            text.appendCodePoint(missing == 0 ? codePoint : REPLACEMENT);
        }
        return text.toString();
    }

    /** Number of continuation bytes after a lead byte; -1 if it is not a lead byte. */
    private static int continuationBytes(int lead) {
        if (lead < 0x80) return 0;
        if (lead < 0xC2 || lead > 0xF4) return -1;
        return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    }

    /** Table 3-7 of Unicode: the range of the second byte excludes overlong forms, surrogates and everything above U+10FFFF. */
    private static boolean mayFollow(int lead, boolean first, int next) {
        int low = first && lead == 0xE0 ? 0xA0 : first && lead == 0xF0 ? 0x90 : 0x80;
        int high = first && lead == 0xED ? 0x9F : first && lead == 0xF4 ? 0x8F : 0xBF;
        return next >= low && next <= high;
    }
}
