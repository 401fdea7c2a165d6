package dev.mme5.tokenizer.model;

import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.Utf8;
import java.util.Arrays;

/**
 * Unigram: the way through a piece whose tokens have the highest sum of scores (Viterbi). A character that no token covers costs the
 * lowest score less 10; neighbouring ones become one unknown token, or a token for each byte if the file says {@code byte_fallback}.
 *
 * <p>Of ways with equal sums the one counts whose last token begins first, as in the tokenizers library: sums are doubles, added from
 * the left, and only a higher one replaces another.
 */
public final class UnigramModel implements TokenModel {
    private static final double UNKNOWN_PENALTY = 10;

    private final TokenTable tokens;
    private final double[] scores;   // by id
    private final int unknownId;
    private final double unknownScore;
    private final int[] byteIds;     // by byte; null without byte fallback
    private final PrefixFilter prefixes;

    /**
     * @param scores of every id
     * @param byteIds the tokens {@code <0x00>} to {@code <0xFF>}, as far as there are any; null where unknown characters stay unknown
     */
    UnigramModel(TokenTable tokens, double[] scores, int unknownId, int[] byteIds) {
        this.tokens = tokens;
        this.scores = scores;
        this.unknownId = unknownId;
        this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
        this.byteIds = byteIds;
        this.prefixes = new PrefixFilter(tokens);
    }

    @Override
    public TokenTable tokens() {
        return tokens;
    }

    @Override
    public SpanHandler encoder(IdBuffer out) {
        Lattice lattice = new Lattice();
        return (text, from, to) -> encode(text, from, to, lattice, out);
    }

    /** For every end of a token, in bytes from the start of the piece: the best way that leads there. */
    private static final class Lattice {
        private static final int NONE = -1;

        private double[] best = new double[64];
        private int[] startOf = new int[64];
        private int[] endOf = new int[64];   // of the best way to the end, by start
        private int[] idOf = new int[64];

        void clear(int length) {
            if (best.length <= length) {
                int capacity = Math.max(length + 1, 2 * best.length);
                best = new double[capacity];
                startOf = new int[capacity];
                endOf = new int[capacity];
                idOf = new int[capacity];
            }
            Arrays.fill(best, 0, length + 1, 0);
            Arrays.fill(startOf, 0, length + 1, NONE);
        }

        void offer(int start, int end, int id, double score) {
            if (startOf[end] != NONE && score <= best[end]) return;
            best[end] = score;
            startOf[end] = start;
            idOf[end] = id;
        }
    }

    private void encode(byte[] text, int from, int to, Lattice lattice, IdBuffer out) {
        int length = to - from;
        lattice.clear(length);
        for (int start = 0; start < length;) {
            int character = Utf8.length(text[from + start]);
            offerTokens(text, from, start, length, character, lattice);
            start += character;
        }
        appendPath(text, from, length, lattice, out);
    }

    private void offerTokens(byte[] text, int from, int start, int length, int character, Lattice lattice) {
        double soFar = lattice.best[start];
        boolean isCovered = false;
        int sum = 0;
        int last = Math.min(length, start + tokens.maxLength());
        for (int end = start + 1; end <= last; end++) {
            sum = TokenTable.addToHash(sum, text[from + end - 1]);
            int hash = TokenTable.finishedHash(sum);
            if (prefixes.isNone(hash)) break;
            if (!prefixes.mayBeWhole(hash)) continue;
            int id = tokens.find(text, from + start, from + end, hash);
            if (id == TokenTable.ABSENT) continue;
            lattice.offer(start, end, id, scores[id] + soFar);
            isCovered |= end - start == character;
        }
        if (!isCovered) lattice.offer(start, start + character, unknownId, unknownScore + soFar);
    }

    /** Appends the tokens of the best way; unknown neighbours are one. */
    private void appendPath(byte[] text, int from, int length, Lattice lattice, IdBuffer out) {
        for (int end = length; end > 0;) {   // the way is known from its end: every start gets a pointer forward
            int start = lattice.startOf[end];
            lattice.endOf[start] = end;
            end = start;
        }
        for (int start = 0; start < length;) {
            int end = lattice.endOf[start];
            int id = lattice.idOf[end];
            while (id == unknownId && end < length && lattice.idOf[lattice.endOf[end]] == unknownId) end = lattice.endOf[end];
            append(text, from, start, id, end, out);
            start = end;
        }
    }

    private void append(byte[] text, int from, int start, int id, int end, IdBuffer out) {
        if (id != unknownId) {
            out.add(id);
            return;
        }
        int together = tokens.find(text, from + start, from + end, TokenTable.hash(text, from + start, from + end));
        if (together != TokenTable.ABSENT) {
            out.add(together);   // unknown characters that together are a token
        } else if (hasBytes(text, from + start, from + end)) {
            for (int i = start; i < end; i++) out.add(byteIds[text[from + i] & 0xFF]);
        } else {
            out.add(unknownId);
        }
    }

    private boolean hasBytes(byte[] text, int from, int to) {
        if (byteIds == null) return false;
        for (int i = from; i < to; i++) {
            if (byteIds[text[i] & 0xFF] == TokenTable.ABSENT) return false;
        }
        return true;
    }
}
