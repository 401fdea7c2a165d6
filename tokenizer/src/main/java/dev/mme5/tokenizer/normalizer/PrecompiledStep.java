package dev.mme5.tokenizer.normalizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Precompiled: the character map of a SentencePiece model. A user-perceived character (grapheme) of at most five bytes is replaced
 * as a whole if the map has an entry for its first characters; otherwise each of its characters is replaced for itself. The shortest
 * entry counts. This is not what SentencePiece does, but what the tokenizers library does, and models are used with it.
 */
final class PrecompiledStep implements TextStep {
    private static final int MAX_GRAPHEME_BYTES = 5;

    private final CharacterMap map;

    PrecompiledStep(CharacterMap map) {
        this.map = map;
    }

    @Override
    public int maxGrowth() {
        return map.maxReplacementBytes();
    }

    /** The library's account of what a character becomes that is deleted at the beginning: it counts the next one as coming from it. */
    @Override
    public int leading(String text, int chars) {
        String all = apply(text);
        if (all.isEmpty()) return 0;
        return Math.max(Character.charCount(all.codePointAt(0)), Math.min(all.length(), apply(text.substring(0, chars)).length()));
    }

    @Override
    public String apply(String text) {
        StringBuilder out = new StringBuilder(text.length());
        if (isPlain(text)) {
            for (int i = 0; i < text.length(); i++) replaceCharacters(text, i, i + 1, out);
            return out.toString();
        }
        BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
        graphemes.setText(text);
        int from = graphemes.first();
        for (int to = graphemes.next(); to != BreakIterator.DONE; to = graphemes.next()) {
            replaceGrapheme(text, from, to, out);
            from = to;
        }
        return out.toString();
    }

    /** Whether every char is a grapheme: in ASCII only CR LF is one of two. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80 || text.charAt(i) == '\r') return false;
        }
        return true;
    }

    private void replaceGrapheme(String text, int from, int to, StringBuilder out) {
        if (to - from <= MAX_GRAPHEME_BYTES) {
            byte[] utf8 = text.substring(from, to).getBytes(UTF_8);
            String replacement = utf8.length <= MAX_GRAPHEME_BYTES ? map.replacement(utf8) : null;
            if (replacement != null) {
                out.append(replacement);
                return;
            }
        }
        replaceCharacters(text, from, to, out);
    }

    private void replaceCharacters(String text, int from, int to, StringBuilder out) {
        for (int i = from; i < to;) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            String replacement = map.replacement(Character.toString(c).getBytes(UTF_8));
            if (replacement == null) {
                out.appendCodePoint(c);
            } else {
                out.append(replacement);
            }
        }
    }
}
