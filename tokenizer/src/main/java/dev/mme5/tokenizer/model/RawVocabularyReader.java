package dev.mme5.tokenizer.model;

import dev.mme5.json.RawMemberReader;
import dev.mme5.tokenizer.common.ByteAlphabet;
import dev.mme5.tokenizer.common.IntPairMap;
import dev.mme5.tokenizer.common.LibraryNumber;
import dev.mme5.tokenizer.common.Utf8;
import java.util.Arrays;

/**
 * Reads {@code model.vocab} and {@code model.merges} straight from the bytes of {@code tokenizer.json}: hundreds of thousands of
 * tokens become ids without becoming strings. Only the usual form is read. Anything else, invalid or merely rare, is left to {@link
 * VocabularyReader}, {@link BytePairModelReader} and {@link UnigramModelReader}, which read the tree; so nothing is refused here.
 *
 * <p>The type of the model is not known here, because it may follow in the file. So tokens are read as if they were in the byte alphabet,
 * and if one is not, as they are written. The model gets them in the other form from {@link TokenTable#token}.
 *
 * <p>Because a newly started JVM reads a tokenizer before it has compiled anything, the work is in few small methods.
 */
public final class RawVocabularyReader implements RawMemberReader {
    /**
     * Maximum length in bytes of a token, or of a merged pair. Longer ones are left to the tree, and tokens with an escape in their last
     * bytes if they are almost as long.
     */
    private static final int MAX_LENGTH = 1024;

    /** Typical minimum of bytes of one merge in the file, for the initial size of the map. Indented pairs have four times as many. */
    private static final int BYTES_PER_MERGE = 16;

    /** Typical number of merges per token; the map grows if there are more. */
    private static final int MERGES_PER_TOKEN = 2;

    private TokenTable tokens;
    private IntPairMap merges;
    private TokenTable scoredTokens;
    private double[] scores;

    private byte[] text;
    private int position;
    private int end;

    // The bytes being decoded: one token, or the two tokens of a merge in sequence.
    private final byte[] decoded = new byte[MAX_LENGTH];
    private int length;
    private int hash;       // unfinished, of all decoded bytes
    private int partHash;   // unfinished, of the last token

    /** The tokens of the model, or null if they are in the tree. */
    TokenTable tokens() {
        return tokens;
    }

    /** The merges, as {@link BytePairMerger} needs them, or null if they are in the tree. */
    IntPairMap merges() {
        return merges;
    }

    /** The tokens of a vocabulary that is a list with scores, or null if they are in the tree or the vocabulary is of another form. */
    TokenTable scoredTokens() {
        return scoredTokens;
    }

    /** Their scores by id, as {@link LibraryNumber} has them; null if there are no such tokens. */
    double[] scores() {
        return scores;
    }

    @Override
    public int read(String location, byte[] utf8, int from, int to) {
        text = utf8;
        position = from;
        end = to;
        boolean isRead = switch (location) {
            case "model.vocab" -> utf8[from] == '[' ? readScored() : readVocab();
            case "model.merges" -> readMerges();
            default -> false;
        };
        text = null;   // releases the file's bytes: the model is built from the tables after parsing
        return isRead ? position : -1;
    }

    private boolean readVocab() {
        int from = position;
        if (vocab(new TokenTable())) return true;
        position = from;
        return vocab(TokenTable.literal());
    }

    private boolean readMerges() {
        if (tokens == null || !tokens.isByteLevel()) return false;
        IntPairMap read = new IntPairMap(Math.min((end - position) / BYTES_PER_MERGE, MERGES_PER_TOKEN * tokens.size()));
        if (!merges(read)) return false;
        read.checkProbeLengths();
        merges = read;
        return true;
    }

    private boolean readScored() {
        TokenTable read = TokenTable.literal();
        double[] values = scored(read);
        if (values == null || !read.buildIndex()) return false;
        scoredTokens = read;
        scores = values;
        return true;
    }

    /** Reads a list of pairs of a token and its score; returns the scores, or null. */
    private double[] scored(TokenTable out) {
        double[] values = new double[1 << 12];
        int id = 0;
        if (!opens('[')) return null;
        do {
            begin();
            if (!opens('[') || !opens('"') || !decodeLiteral() || !opens(',')) return null;
            double score = score();
            if (Double.isNaN(score) || !opens(']') || id > VocabularyReader.MAX_ID) return null;
            if (id == values.length) values = Arrays.copyOf(values, 2 * id);
            values[id] = score;
            out.put(id++, decoded, length);
        } while (opens(','));
        return opens(']') ? Arrays.copyOf(values, id) : null;
    }

    /** Reads a score, or returns NaN if no finite number follows. */
    private double score() {
        skipSpace();
        int first = position;
        while (position < end && isOfNumber(text[position])) position++;
        return LibraryNumber.parse(text, first, position);
    }

    private static boolean isOfNumber(byte b) {
        return b >= '0' && b <= '9' || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E';
    }

    /** Reads the tokens into a table, and keeps it if it could read all. */
    private boolean vocab(TokenTable out) {
        tokens = fill(out) && out.buildIndex() ? out : null;
        return tokens != null;
    }

    private boolean fill(TokenTable out) {
        int maxId = end - position;   // a higher id is not usual: ids are dense, and every token takes some bytes
        if (!opens('{')) return false;
        do {
            begin();
            if (!opens('"') || !(out.isByteLevel() ? decode('"') : decodeLiteral()) || !opens(':')) return false;
            int id = id();
            if (id < 0 || id > maxId || !out.put(id, decoded, length)) return false;
        } while (opens(','));
        return opens('}');
    }

    private boolean merges(IntPairMap out) {
        if (!opens('[')) return false;
        int rank = 0;
        int merged = 0;
        do {
            begin();
            boolean isPair = opens('[');
            if (!opens('"') || !decode(isPair ? '"' : ' ')) return false;
            int middle = length;
            int left = tokens.find(decoded, 0, middle, TokenTable.finishedHash(hash));
            partHash = 0;
            if (isPair && (!opens(',') || !opens('"')) || !decode('"') || isPair && !opens(']')) return false;
            int right = tokens.find(decoded, middle, length, TokenTable.finishedHash(partHash));
            merged = merged(merged);
            if (left < 0 || right < 0 || merged < 0 || middle == 0 || middle == length) return false;
            out.put(left, right, (long) rank++ << 32 | merged);
        } while (opens(','));
        return opens(']');
    }

    /** The id of the merged pair. Merges are usually in the order of these ids, so it is often the previous id or the next. */
    private int merged(int previous) {
        if (tokens.matches(previous, decoded, 0, length)) return previous;
        if (tokens.matches(previous + 1, decoded, 0, length)) return previous + 1;
        return tokens.find(decoded, 0, length, TokenTable.finishedHash(hash));
    }

    /** Steps over white space and the given character, or returns false if another one follows. */
    private boolean opens(int character) {
        skipSpace();
        if (position == end || text[position] != character) return false;
        position++;
        return true;
    }

    private void skipSpace() {
        byte[] in = text;
        int next = position;
        while (next < end && isSpace(in[next])) next++;
        position = next;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Reads an id, or returns -1. Only digits are read; the caller finds that a fraction or exponent follows. */
    private int id() {
        skipSpace();
        int first = position;
        int id = 0;
        while (position < end && text[position] >= '0' && text[position] <= '9' && id <= VocabularyReader.MAX_ID)
            id = 10 * id + text[position++] - '0';
        boolean isPlain = position > first && (text[first] != '0' || position == first + 1);
        return isPlain && id <= VocabularyReader.MAX_ID ? id : -1;
    }

    private void begin() {
        length = 0;
        hash = 0;
        partHash = 0;
    }

    /** Copies the characters of a token as they are written up to the quote, and steps over it; returns false if that cannot be done. */
    private boolean decodeLiteral() {
        byte[] in = text;
        int next = position;
        int copied = 0;
        while (next < end) {
            int c = in[next++];
            if (c == '"') {
                position = next;
                length = copied;
                return true;
            }
            if (c == '\\') {
                position = next;
                c = escapedCodePoint();
                next = position;
                if (c < 0 || copied > MAX_LENGTH - Utf8.MAX_LENGTH) return false;
                copied += Utf8.encode(c, decoded, copied);
                continue;
            }
            if (c >= 0 && c < ' ' || copied == MAX_LENGTH) return false;
            decoded[copied++] = (byte) c;
        }
        return false;
    }

    /** Decodes the characters up to {@code stop} and steps over it; returns false if one is not in the byte alphabet. */
    private boolean decode(int stop) {
        byte[] in = text;   // fields are copied to locals, because this loop runs interpreted at first
        int next = position;
        int decodedLength = length;
        int whole = hash;
        int part = partHash;
        while (next < end) {
            int c = in[next++];
            if (c == stop) {
                position = next;
                length = decodedLength;
                hash = whole;
                partHash = part;
                return true;
            }
            if (c == '"') return false;
            if (c == '\\') {
                position = next;
                c = escaped();
                next = position;
            } else if (c < 0) {
                c = (c & 0xE0) == 0xC0 ? (c & 0x1F) << 6 | in[next++] & 0x3F : -1;   // two bytes; the text is well-formed
            }
            int value = ByteAlphabet.value(c);
            if (value < 0 || decodedLength == MAX_LENGTH) return false;
            decoded[decodedLength++] = (byte) value;
            whole = TokenTable.addToHash(whole, (byte) value);
            part = TokenTable.addToHash(part, (byte) value);
        }
        return false;
    }

    /** The code point of an escape whose backslash was read, or of two that are a surrogate pair; -1 if it is not valid. */
    private int escapedCodePoint() {
        int unit = escaped();
        if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) return unit;
        if (unit > Character.MAX_HIGH_SURROGATE || end - position < 6 || text[position] != '\\' || text[position + 1] != 'u') return -1;
        position++;
        int low = escaped();
        boolean isPair = low >= Character.MIN_LOW_SURROGATE && low <= Character.MAX_LOW_SURROGATE;
        return isPair ? Character.toCodePoint((char) unit, (char) low) : -1;
    }

    /** The UTF-16 unit of an escape whose backslash was read, or -1 if it is not valid. */
    private int escaped() {
        if (position == end) return -1;
        byte letter = text[position++];
        switch (letter) {
            case '"', '\\', '/' -> {
                return letter;
            }
            case 'u' -> {
                return end - position < 4 ? -1 : unit();
            }
            default -> {
                int index = "bfnrt".indexOf(letter);
                return index < 0 ? -1 : "\b\f\n\r\t".charAt(index);
            }
        }
    }

    /** The value of four hexadecimal digits, or -1. */
    private int unit() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = "0123456789abcdefABCDEF".indexOf(text[position++]);
            if (digit < 0) return -1;
            unit = unit << 4 | (digit < 16 ? digit : digit - 6);
        }
        return unit;
    }
}
