package dev.mme5.tokenizer.pretokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.tokenizer.common.SpanHandler;
import java.util.Arrays;

/** Metaspace: writes spaces as another character, usually U+2581, and starts a piece at each of them. */
public final class MetaspacePreTokenizer implements PreTokenizer {
    private final byte[] replacement;
    private final Prepend prepend;
    private final boolean split;

    /** Whether to put the character in front of a text that does not begin with it. */
    enum Prepend {
        /** In front of every text between added tokens. */
        ALWAYS,
        /** Only at the beginning of the whole text. */
        FIRST, NEVER
    }

    /**
     * @param replacement one character, in place of a space
     * @param split whether pieces start at replacements; else the text is one piece
     */
    MetaspacePreTokenizer(String replacement, Prepend prepend, boolean split) {
        this.replacement = replacement.getBytes(UTF_8);
        this.prepend = prepend;
        this.split = split;
    }

    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        boolean prepends = prepend == Prepend.ALWAYS || prepend == Prepend.FIRST && leading > 0;
        byte[] text = replaced(utf8, from, to, prepends);
        if (!split) {
            pieces.span(text, 0, text.length);
            return;
        }
        int start = 0;
        for (int offset = 1; offset < text.length; offset++) {
            if (isReplacement(text, offset, text.length)) {
                pieces.span(text, start, offset);
                start = offset;
            }
        }
        pieces.span(text, start, text.length);
    }

    @Override
    public boolean dependsOnStart() {
        return prepend == Prepend.FIRST;
    }

    @Override
    public boolean writesText() {
        return true;
    }

    private byte[] replaced(byte[] utf8, int from, int to, boolean prepends) {
        int spaces = 0;
        for (int i = from; i < to; i++) {
            if (utf8[i] == ' ') spaces++;
        }
        boolean prepended = prepends && utf8[from] != ' ' && !isReplacement(utf8, from, to);
        byte[] text = new byte[to - from + spaces * (replacement.length - 1) + (prepended ? replacement.length : 0)];
        int length = prepended ? append(text, 0) : 0;
        for (int i = from; i < to; i++) {
            if (utf8[i] == ' ') {
                length = append(text, length);
            } else {
                text[length++] = utf8[i];
            }
        }
        return text;
    }

    private int append(byte[] text, int length) {
        System.arraycopy(replacement, 0, text, length, replacement.length);
        return length + replacement.length;
    }

    /** UTF-8 is self-synchronising, so that equal bytes are an equal character. */
    private boolean isReplacement(byte[] text, int offset, int end) {
        return end - offset >= replacement.length
                && Arrays.equals(text, offset, offset + replacement.length, replacement, 0, replacement.length);
    }
}
