package dev.mme5.tokenizer;

import dev.mme5.tokenizer.common.CodePointKind;
import dev.mme5.tokenizer.common.Utf8;
import dev.mme5.tokenizer.normalizer.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a text at its added tokens: the leftmost first, and the longest of several at the same offset, literally and
 * case-sensitively. They are found in any text, including what users write. The time is linear in the text: one walk, never longer
 * than the longest token, for each offset.
 *
 * <p>Stages 1 and 2 of encoding. In: a text in UTF-8. Out: added tokens, and the normalised text between them.
 */
final class AddedTokenSplitter {
    /** Receives the segments of a text in order. */
    interface SegmentHandler {
        /** Called for an added token. */
        void token(AddedToken token);

        /**
         * Called for normalised text without added tokens.
         *
         * @param leading bytes of it that come from the first character of the whole text; 0 if nobody asks
         */
        void text(byte[] utf8, int from, int to, int leading);
    }

    private final TokenTrie literal;
    private final TokenTrie normalized;
    private final Normalizer normalizer;
    private final boolean findsStart;
    private final boolean passesSpecial;

    /** @param findsStart whether the handlers ask for the beginning of the whole text */
    AddedTokenSplitter(List<AddedToken> tokens, Normalizer normalizer, boolean findsStart) {
        List<AddedToken> literalTokens = new ArrayList<>();
        List<AddedToken> normalizedTokens = new ArrayList<>();
        for (AddedToken token : tokens) (token.normalized() ? normalizedTokens : literalTokens).add(token);
        this.literal = new TokenTrie(literalTokens);
        this.normalized = new TokenTrie(normalizedTokens, content -> normalized(content, normalizer));
        this.normalizer = normalizer;
        this.findsStart = findsStart;
        this.passesSpecial = false;
    }

    private AddedTokenSplitter(AddedTokenSplitter other, boolean passesSpecial) {
        this.literal = other.literal;
        this.normalized = other.normalized;
        this.normalizer = other.normalizer;
        this.findsStart = other.findsStart;
        this.passesSpecial = passesSpecial;
    }

    /** The same, for which special tokens are text, in which no other token is searched for either. */
    AddedTokenSplitter passingSpecial() {
        return new AddedTokenSplitter(this, true);
    }

    /** A token that is searched for in normalised text is normalised too. */
    private static byte[] normalized(byte[] content, Normalizer normalizer) {
        byte[][] result = {new byte[0]};
        normalizer.normalize(content, 0, content.length, (text, from, to) -> result[0] = Arrays.copyOfRange(text, from, to));
        return result[0];
    }

    /**
     * Splits in two passes, as the tokenizers library does: first at the tokens that are not normalised. The text between them is
     * normalised and then split at the other tokens.
     *
     * @param leads whether nothing is in front of this text
     */
    void split(byte[] utf8, boolean leads, SegmentHandler handler) {
        split(literal, utf8, 0, utf8.length, leads && findsStart ? 1 : 0, new SegmentHandler() {
            @Override
            public void token(AddedToken token) {
                handler.token(token);
            }

            @Override
            public void text(byte[] text, int from, int to, int leading) {
                int normalLeading = leading == 0 ? 0 : normalizer.leading(text, from, to);
                normalizer.normalize(text, from, to, (normal, start, end) -> split(normalized, normal, start, end, normalLeading, handler));
            }
        });
    }

    private void split(TokenTrie trie, byte[] utf8, int from, int to, int leading, SegmentHandler handler) {
        int done = from;   // everything in front of it was handled
        int offset = from;
        while (offset < to) {
            TokenTrie.Match match = trie.longestAt(utf8, offset, to);
            if (match == null) {
                offset++;
                continue;
            }
            AddedToken token = match.token();
            int start = offset;
            int end = offset + match.length();
            offset = end;   // even if the token is rejected: no other token is searched for inside it
            if (passesSpecial && token.special()) continue;
            if (token.singleWord() && touchesWord(utf8, from, start, end, to)) continue;
            if (token.stripLeft()) start = Math.max(done, startOfSpace(utf8, done, start));
            if (token.stripRight()) end = endOfSpace(utf8, Math.max(done, end), to);
            if (start >= end) continue;   // the token is itself white space, and the one before has all of it

            if (done < start) handler.text(utf8, done, start, Math.max(0, leading - (done - from)));
            handler.token(token);
            done = end;
        }
        if (done < to) handler.text(utf8, done, to, Math.max(0, leading - (done - from)));
    }

    private static boolean touchesWord(byte[] utf8, int from, int start, int end, int to) {
        return start > from && CodePointKind.isWordCharacter(Utf8.codePoint(utf8, Utf8.startOfLast(utf8, start)))
                || end < to && CodePointKind.isWordCharacter(Utf8.codePoint(utf8, end));
    }

    private static int startOfSpace(byte[] utf8, int from, int to) {
        int start = to;
        while (start > from) {
            int last = Utf8.startOfLast(utf8, start);
            if (CodePointKind.of(Utf8.codePoint(utf8, last)) != CodePointKind.SPACE) break;
            start = last;
        }
        return start;
    }

    private static int endOfSpace(byte[] utf8, int from, int to) {
        int end = from;
        while (end < to && CodePointKind.of(Utf8.codePoint(utf8, end)) == CodePointKind.SPACE) end += Utf8.length(utf8[end]);
        return end;
    }
}
