package dev.mme5.tokenizer.common;

/** Receives spans of text: the output of one stage of the pipeline and the input of the next. */
@FunctionalInterface
public interface SpanHandler {
    /**
     * Called for every span, in the order of the text.
     *
     * @param utf8 well-formed; it may be another array than that of the previous span, and must not be changed
     * @param from start of a code point
     * @param to end of a code point, greater than {@code from}
     */
    void span(byte[] utf8, int from, int to);
}
