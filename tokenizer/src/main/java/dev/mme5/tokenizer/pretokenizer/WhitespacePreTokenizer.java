package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.UnicodeClasses;
import dev.mme5.tokenizer.common.Utf8;

/** WhitespaceSplit: pieces are what stands between white space. */
public final class WhitespacePreTokenizer implements PreTokenizer {
    @Override
    public void split(byte[] utf8, int from, int to, int leading, SpanHandler pieces) {
        int start = from;
        int offset = from;
        while (offset < to) {
            int next = offset + Utf8.length(utf8[offset]);
            if (UnicodeClasses.isWhiteSpace(Utf8.codePoint(utf8, offset))) {
                if (start < offset) pieces.span(utf8, start, offset);
                start = next;
            }
            offset = next;
        }
        if (start < to) pieces.span(utf8, start, to);
    }
}
