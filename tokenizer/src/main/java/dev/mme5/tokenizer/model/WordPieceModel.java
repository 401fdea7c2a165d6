package dev.mme5.tokenizer.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;

/**
 * WordPiece: takes the longest token from the left, again and again. Tokens inside a word are written with a prefix, usually {@code ##}.
 * A word that has a part without a token becomes one unknown token, as does a word that is too long.
 */
public final class WordPieceModel implements TokenModel {
    private final TokenTable tokens;
    private final byte[] prefix;
    private final int unknownId;
    private final int maxCharacters;

    /**
     * @param prefix of tokens inside a word
     * @param maxCharacters code points of the longest word that is split
     */
    WordPieceModel(TokenTable tokens, byte[] prefix, int unknownId, int maxCharacters) {
        this.tokens = tokens;
        this.prefix = prefix.clone();
        this.unknownId = unknownId;
        this.maxCharacters = maxCharacters;
    }

    /** Of tokens inside a word. */
    public String prefix() {
        return new String(prefix, UTF_8);
    }

    @Override
    public TokenTable tokens() {
        return tokens;
    }

    @Override
    public SpanHandler encoder(IdBuffer out) {
        WordSplitter splitter = new WordSplitter();
        return (text, from, to) -> {
            int count = isTooLong(text, from, to) ? 0 : splitter.split(text, from, to);
            if (count == 0) {
                out.add(unknownId);
            } else {
                out.addAll(splitter.ids, count);
            }
        };
    }

    private boolean isTooLong(byte[] text, int from, int to) {
        if (to - from <= maxCharacters) return false;
        int characters = 0;
        for (int i = from; i < to; i++) {
            if ((text[i] & 0xC0) != 0x80) characters++;
        }
        return characters > maxCharacters;
    }

    /**
     * Splits one word after the other. Tokens are found by their hashes, which a walk over the word gives for all its ends: a new process
     * would take longer to make a tree of the tokens than to embed a text.
     */
    private final class WordSplitter {
        private byte[] word = new byte[64];   // prefix and word; the prefix moves in front of what is left
        private int[] sums = new int[64];   // by end in the word
        private int[] ids = new int[64];

        /** Writes the ids of a word and returns their number, 0 if a part has no token. */
        int split(byte[] text, int from, int to) {
            int end = prefix.length + to - from;
            if (word.length < end) {
                word = new byte[2 * end];
                sums = new int[2 * end];
                ids = new int[2 * end];
            }
            System.arraycopy(text, from, word, prefix.length, to - from);
            int count = 0;
            int start = prefix.length;
            while (start < end) {
                int first = start;
                if (count > 0) {
                    first -= prefix.length;
                    System.arraycopy(prefix, 0, word, first, prefix.length);
                }
                int next = longest(first, start, end);
                if (next == start) return 0;
                int hash = TokenTable.finishedHash(sums[next - 1]);
                ids[count++] = tokens.find(word, first, next, hash);
                start = next;
            }
            return count;
        }

        /** The end of the longest token that begins at {@code first} and ends after {@code start}; {@code start} if there is none. */
        private int longest(int first, int start, int end) {
            int last = Math.min(end, first + tokens.maxLength());
            int sum = 0;
            for (int i = first; i < last; i++) {
                sum = TokenTable.addToHash(sum, word[i]);
                sums[i] = sum;
            }
            for (int next = last; next > start; next--) {
                if (tokens.find(word, first, next, TokenTable.finishedHash(sums[next - 1])) != TokenTable.ABSENT) return next;
            }
            return start;
        }
    }
}
