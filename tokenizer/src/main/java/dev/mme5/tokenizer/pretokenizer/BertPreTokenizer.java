package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.UnicodeClasses;
import dev.mme5.tokenizer.common.Utf8;

/** BertPreTokenizer: pieces are words between white space, and every punctuation character for itself. */
public final class BertPreTokenizer implements PreTokenizer {
    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        int start = from;
        int offset = from;
        while (offset < to) {
            int c = Utf8.codePoint(utf8, offset);
            int next = offset + Utf8.length(utf8[offset]);
            boolean isPunctuation = UnicodeClasses.isPunctuation(c);
            if (isPunctuation || UnicodeClasses.isWhiteSpace(c)) {
                if (start < offset) pieces.span(utf8, start, offset);
                if (isPunctuation) pieces.span(utf8, offset, next);
                start = next;
            }
            offset = next;
        }
        if (start < to) pieces.span(utf8, start, to);
    }
}
