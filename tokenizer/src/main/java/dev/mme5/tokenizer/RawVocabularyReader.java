package dev.mme5.tokenizer;

import dev.mme5.json.RawMemberReader;

/**
 * Reads {@code model.vocab} and {@code model.merges} straight from the bytes of {@code tokenizer.json}, as far as they are written as
 * usual: hundreds of thousands of strings become ids without becoming strings. What is not as usual, be it wrong or only rare, is left to
 * {@link VocabularyReader} and {@link BytePairMerger}, which read the tree and know what to say; so nothing is refused here.
 *
 * <p>A new virtual machine reads a tokenizer before it has compiled anything, so the work is in few small methods.
 */
final class RawVocabularyReader implements RawMemberReader {
    /** Longer tokens are left to the tree. */
    private static final int LONGEST = 1024;

    /** Bytes that an entry of the merges has at least, usually; only the first size of a table depends on it. */
    private static final int BYTES_OF_MERGE = 16;

    private TokenTable tokens;
    private IntPairMap merges;

    private byte[] text;
    private int at;
    private int end;

    // What is being spelled: one token, or the two of a merge one behind the other.
    private final byte[] spelled = new byte[LONGEST];
    private int length;
    private int sum;       // of the hash of all that is spelled
    private int partSum;   // of the hash of the last token

    /** The model's tokens, or null when they are in the tree. */
    TokenTable tokens() {
        return tokens;
    }

    /** The merges as {@link BytePairMerger} has them, or null when they are in the tree. */
    IntPairMap merges() {
        return merges;
    }

    @Override
    public int read(String place, byte[] utf8, int from, int to) {
        text = utf8;
        at = from;
        end = to;
        if (place.equals("model.vocab")) {
            TokenTable read = new TokenTable();
            tokens = vocab(read) && read.index() ? read : null;
            return tokens == null ? -1 : at;
        }
        if (place.equals("model.merges") && tokens != null) {
            IntPairMap read = new IntPairMap((to - from) / BYTES_OF_MERGE);
            merges = merges(read) ? read : null;
            if (merges == null) return -1;
            merges.requireSpread();
            return at;
        }
        return -1;
    }

    private boolean vocab(TokenTable out) {
        int most = end - at;   // ids are dense, so none is as high as the file is long
        if (!opens('{')) return false;
        do {
            begin();
            if (!opens('"') || !spell('"') || !opens(':')) return false;
            int id = id();
            if (id < 0 || id > most || !out.put(id, spelled, length)) return false;
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
            if (!opens('"') || !spell(isPair ? '"' : ' ')) return false;
            int middle = length;
            int left = tokens.find(spelled, 0, middle, TokenTable.finishedHash(sum));
            partSum = 0;
            if (isPair && (!opens(',') || !opens('"')) || !spell('"') || isPair && !opens(']')) return false;
            int right = tokens.find(spelled, middle, length, TokenTable.finishedHash(partSum));
            merged = merged(merged);
            if (left < 0 || right < 0 || merged < 0 || middle == 0 || middle == length) return false;
            out.put(left, right, (long) rank++ << 32 | merged);
        } while (opens(','));
        return opens(']');
    }

    /** The id of both tokens as one. Usually merges go by that id, so it is the last one or the next. */
    private int merged(int last) {
        if (tokens.spells(last, spelled, 0, length)) return last;
        if (tokens.spells(last + 1, spelled, 0, length)) return last + 1;
        return tokens.find(spelled, 0, length, TokenTable.finishedHash(sum));
    }

    /** Steps over white space and this character, if it is there. */
    private boolean opens(int character) {
        while (at < end && isSpace(text[at])) at++;
        if (at == end || text[at] != character) return false;
        at++;
        return true;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /** Digits, not more than an id has, and no sign, fraction or exponent: those are seen to follow by whoever expects something else. */
    private int id() {
        while (at < end && isSpace(text[at])) at++;
        int first = at;
        int id = 0;
        while (at < end && text[at] >= '0' && text[at] <= '9' && id <= VocabularyReader.HIGHEST_ID) id = 10 * id + text[at++] - '0';
        boolean isPlain = at > first && (text[first] != '0' || at == first + 1);
        return isPlain && id <= VocabularyReader.HIGHEST_ID ? id : -1;
    }

    private void begin() {
        length = 0;
        sum = 0;
        partSum = 0;
    }

    /** Appends the bytes that the characters up to {@code stop} stand for, and steps over it; false when one stands for none. */
    private boolean spell(int stop) {
        byte[] in = text;   // in locals: it is the innermost loop, and not compiled for long
        int from = at;
        int to = length;
        int whole = sum;
        int part = partSum;
        while (from < end) {
            int c = in[from++];
            if (c == stop) {
                at = from;
                length = to;
                sum = whole;
                partSum = part;
                return true;
            }
            if (c == '"') return false;
            if (c == '\\') {
                at = from;
                c = escaped();
                from = at;
            } else if (c < 0) {
                c = (c & 0xE0) == 0xC0 ? (c & 0x1F) << 6 | in[from++] & 0x3F : -1;   // two bytes: the text is known to be UTF-8
            }
            int value = ByteAlphabet.value(c);
            if (value < 0 || to == LONGEST) return false;
            spelled[to++] = (byte) value;
            whole = TokenTable.addToHash(whole, (byte) value);
            part = TokenTable.addToHash(part, (byte) value);
        }
        return false;
    }

    /** The character of an escape whose backslash was read, or -1 when it is none of the byte alphabet. */
    private int escaped() {
        if (at == end) return -1;
        byte letter = text[at++];
        if (letter == '"' || letter == '\\' || letter == '/') return letter;
        if (letter != 'u' || end - at < 4) return -1;
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = "0123456789abcdefABCDEF".indexOf(text[at++]);
            if (digit < 0) return -1;
            unit = unit << 4 | (digit < 16 ? digit : digit - 6);
        }
        return unit;
    }
}
