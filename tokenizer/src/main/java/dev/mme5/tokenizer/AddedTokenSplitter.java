package dev.mme5.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text at its added tokens: the leftmost first, of several there the longest, literally and case-sensitively.
 * They are found in whatever a user writes too. The time is linear: one walk, never longer than the longest token, per
 * place.
 *
 * <p>Stage 1 of 4 of encoding. In: a text in UTF-8. Out: tokens, and the stretches between them for {@link Llama3PreTokenizer}.
 */
final class AddedTokenSplitter {
    /** Where the parts of a text go, in order. */
    interface Sink {
        void token(AddedToken token);

        /** A stretch without added tokens, not empty. */
        void text(int from, int to);
    }

    private final TokenTrie literal;
    private final TokenTrie normalized;

    AddedTokenSplitter(List<AddedToken> tokens) {
        List<AddedToken> first = new ArrayList<>();
        List<AddedToken> second = new ArrayList<>();
        for (AddedToken token : tokens) (token.normalized() ? second : first).add(token);
        this.literal = new TokenTrie(first);
        this.normalized = new TokenTrie(second);
    }

    /**
     * Two passes, as in the tokenizers library: the second sees only what the first leaves, though no normaliser stands
     * between.
     */
    void cut(byte[] utf8, Sink sink) {
        cut(literal, utf8, 0, utf8.length, new Sink() {
            @Override
            public void token(AddedToken token) {
                sink.token(token);
            }

            @Override
            public void text(int from, int to) {
                cut(normalized, utf8, from, to, sink);
            }
        });
    }

    private static void cut(TokenTrie trie, byte[] utf8, int from, int to, Sink sink) {
        int done = from;   // all before is in the sink
        int at = from;
        while (at < to) {
            TokenTrie.Match match = trie.longestAt(utf8, at, to);
            if (match == null) {
                at++;
                continue;
            }
            AddedToken token = match.token();
            int start = at;
            int end = at + match.length();
            at = end;   // also where a token is rejected: another inside it is not looked for
            if (token.singleWord() && touchesWord(utf8, from, start, end, to)) continue;
            if (token.stripLeft()) start = startOfSpace(utf8, done, start);
            if (token.stripRight()) end = endOfSpace(utf8, Math.max(done, end), to);

            if (done < start) sink.text(done, start);
            sink.token(token);
            done = end;
        }
        if (done < to) sink.text(done, to);
    }

    private static boolean touchesWord(byte[] utf8, int from, int start, int end, int to) {
        return start > from && CodePointKind.isWordCharacter(Utf8.codePoint(utf8, Utf8.startOfLast(utf8, start)))
                || end < to && CodePointKind.isWordCharacter(Utf8.codePoint(utf8, end));
    }

    private static int startOfSpace(byte[] utf8, int from, int to) {
        int at = to;
        while (at > from) {
            int last = Utf8.startOfLast(utf8, at);
            if (CodePointKind.of(Utf8.codePoint(utf8, last)) != CodePointKind.SPACE) break;
            at = last;
        }
        return at;
    }

    private static int endOfSpace(byte[] utf8, int from, int to) {
        int at = from;
        while (at < to && CodePointKind.of(Utf8.codePoint(utf8, at)) == CodePointKind.SPACE) at += Utf8.length(utf8[at]);
        return at;
    }
}
