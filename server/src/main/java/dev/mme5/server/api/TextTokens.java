package dev.mme5.server.api;

import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.server.http.Problem;
import dev.mme5.tokenizer.EncodedText;
import dev.mme5.tokenizer.Encoding;
import dev.mme5.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;

/** The tokens of texts: how many there are, the texts of given ones, and texts without their first ones. */
public final class TextTokens {
    /** The tokens of cl100k that are also the first of Llama 3's; what follows is special and differs. */
    static final int SHARED_WITH_CL100K = 100_256;

    /** SHA-256 of the texts of these tokens, each ended by a zero byte. */
    private static final String LLAMA3 = "f91583178078088fa627eec15b597b2aee825d1f9565e3d732ab5fa3bfb7b7ca";

    /** Normalising (NFKC) makes up to 18 characters of one of three bytes, U+FDFA, and a token is at least one of them. */
    private static final int MAX_TOKENS_PER_BYTE = 6;

    /** Tokens that a prompt has beside those of its text, at most. */
    private static final int MAX_AROUND = 16;

    /** Tokens more that a text may lose so that it begins with a word, at most. */
    private static final int NEAR = 16;

    private final Tokenizer tokenizer;
    private final Path folder;
    private final int maxTokens;
    private final boolean isRaw;
    private Boolean isLlama3;

    /**
     * @param folder of the model
     * @param maxTokens longest input of the model
     * @param dropsDuplicateBos {@link dev.mme5.engine.Options#dropDuplicateBos}
     */
    public TextTokens(Tokenizer tokenizer, Path folder, int maxTokens, boolean dropsDuplicateBos) {
        this.tokenizer = tokenizer;
        this.folder = folder;
        this.maxTokens = maxTokens;
        // Models whose prompts have no begin-of-text token keep what the tokenizer puts around a text.
        this.isRaw = dropsDuplicateBos && Input.text("").fullPrompt(folder).contains(Input.BEGIN_OF_TEXT);
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    int maxTokens() {
        return maxTokens;
    }

    /** Number of ids that the model sees of an item. */
    int count(Item item, String imageInstruction) {
        return idsOf(item, imageInstruction, 1).total();
    }

    /** The ids that the model sees, at most so many. */
    Encoding idsOf(Item item, String imageInstruction, int max) {
        String full = item.input(imageInstruction).fullPrompt(folder);
        if (item.isSpecial() || item.text() == null) return isRaw ? cut(tokenizer.encodeRaw(full), max) : tokenizer.encode(full, max);
        int head = full.length() - item.text().length();
        return isRaw
                ? cut(tokenizer.encodeRawPlain(full.substring(0, head), item.text()), max)
                : tokenizer.encodePlain(full.substring(0, head), item.text(), max);
    }

    /** All ids that the model sees of a text without special tokens; those of the text alone without {@code withSpecial}. */
    EncodedText encode(String text, boolean withSpecial) {
        if (!withSpecial) return tokenizer.encodeText("", text, false);
        String full = Item.text("", text, false).input("").fullPrompt(folder);
        return tokenizer.encodeText(full.substring(0, full.length() - text.length()), text, !isRaw);
    }

    private static Encoding cut(int[] ids, int max) {
        return new Encoding(ids.length <= max ? ids : Arrays.copyOf(ids, max), ids.length);
    }

    /** Whether the item is surely not longer than so many tokens, at a glance. */
    boolean isSurelyWithin(Item item, int limit) {
        long length = item.text() == null ? 64 : item.text().length();
        if (length + item.images().size() + MAX_AROUND > limit) return false;
        long bytes = item.text() == null ? 64 : item.text().getBytes(StandardCharsets.UTF_8).length;
        return MAX_TOKENS_PER_BYTE * bytes + item.images().size() + MAX_AROUND <= limit;
    }

    /** The item without the first tokens of its text, so that the model sees no more than so many. */
    Item withoutStart(Item item, int limit) {
        if (item.text() == null || isSurelyWithin(item, limit)) return item;
        int total = count(item, "");
        if (total <= limit) return item;
        Item rest = tokenizer.isByteLevel() ? withoutTokens(item, total - limit, limit) : withoutWords(item, limit);
        boolean isEmpty = rest == null || rest.text().isEmpty() && item.images().isEmpty();
        if (!isEmpty) return rest;
        throw Problem.tooLong(item.place(), item.place() + ": the limit of %d tokens leaves no room for text".formatted(limit));
    }

    /** The tokens of the rest are the last ones of the text. Null if nothing fits. */
    private Item withoutTokens(Item item, int least, int limit) {
        int[] ids = item.isSpecial() ? tokenizer.encodeRaw(item.text()) : tokenizer.encodeRawPlain("", item.text());
        // Whatever touches the cut may be tokenised otherwise afterwards, so it is counted again.
        for (int dropped = least; dropped <= ids.length; dropped++) {
            Item rest = item.withText(tokenizer.decode(Arrays.copyOfRange(ids, dropped, ids.length)));
            if (count(rest, "") <= limit) return rest;
        }
        return null;
    }

    /** The rest begins with a word, or inside one that is so long that too much would be lost. Null if nothing fits. */
    private Item withoutWords(Item item, int limit) {
        String text = item.text();
        int[] words = IntStream.range(1, text.length())
                .filter(i -> isSpace(text, i - 1) && !isSpace(text, i)).toArray();
        int word = firstFitting(item, words, limit);
        int end = word == words.length ? text.length() : words[word];
        Item rest = item.withText(text.substring(end));
        int count = count(rest, "");
        if (count > limit) return null;
        int room = limit - count(item.withText(""), "");
        if (limit - count <= Math.min(NEAR, room / 4)) return rest;
        int[] characters = IntStream.range(word == 0 ? 1 : words[word - 1] + 1, end)
                .filter(i -> !Character.isLowSurrogate(text.charAt(i)) && !isSpace(text, i)).toArray();
        int character = firstFitting(item, characters, limit);
        return character == characters.length ? rest : item.withText(text.substring(characters[character]));
    }

    private static boolean isSpace(String text, int i) {
        return Character.isWhitespace(text.charAt(i));
    }

    /** Index of the first of these places from which the text fits; their number if there is none. */
    private int firstFitting(Item item, int[] places, int limit) {
        int low = 0;
        int high = places.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (count(item.withText(item.text().substring(places[middle])), "") <= limit) high = middle;
            else low = middle + 1;
        }
        return high;
    }

    /**
     * The text of ids of cl100k, OpenAI's vocabulary, which some clients send in place of texts.
     *
     * @throws Problem when the model's vocabulary is another one, or an id is not that of a text
     */
    String ofCl100k(int[] ids, String place) {
        if (!isLlama3()) {
            throw Problem.wrong(place, place + ": token ids are taken for those of cl100k, which this model's vocabulary does not contain; "
                    + "send text, or the model's own ids with \"token_ids\": \"model\"");
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= SHARED_WITH_CL100K) {
                throw Problem.wrong(place, "%s: expected ids of cl100k from 0 to %d, found %d at %d"
                        .formatted(place, SHARED_WITH_CL100K - 1, ids[i], i));
            }
        }
        return tokenizer.decode(ids);
    }

    /**
     * An item that the model sees as these ids: either all that it sees, or those of a text.
     *
     * @throws Problem when there is no such text
     */
    Item ofModel(int[] ids, String place) {
        String text;
        try {
            text = tokenizer.decode(ids);
        } catch (IllegalArgumentException e) {
            throw Problem.wrong(place, place + ": " + e.getMessage());
        }
        // What the tokenizer itself puts in front and behind is not part of the text.
        int[] around = tokenizer.encode("");
        for (int front = 0; front <= around.length && around.length > 0; front++) {
            int end = ids.length - around.length + front;
            if (end < front || !Arrays.equals(around, 0, front, ids, 0, front)
                    || !Arrays.equals(around, front, around.length, ids, end, ids.length))
                continue;
            Item inner = Item.text(place, tokenizer.decode(Arrays.copyOfRange(ids, front, end)), true);
            if (becomes(inner, ids)) return inner;
        }
        Item whole = Item.text(place, text, true);
        if (Arrays.equals(tokenizer.encodeRaw(text), ids) && !startsWithBos(ids)) return whole;
        if (becomes(whole, ids)) return whole;
        Item inner = Item.text(place, tokenizer.decode(ids, false), true);
        if (becomes(inner, ids)) return inner;
        throw Problem.wrong(place, place + (tokenizer.hasDecoder()
                ? ": no text has these token ids in this model's vocabulary"
                : ": the model's tokenizer has no decoder, which would make text of these token ids"));
    }

    /** Whether the model sees these ids of an item. */
    private boolean becomes(Item item, int[] ids) {
        try {
            return Arrays.equals(idsOf(item, "", ids.length + 1).ids(), ids);
        } catch (InputException e) { // such as a token for an image, and no image
            throw Problem.wrong(item.place(), item.place() + ": " + e.getMessage());
        }
    }

    private boolean startsWithBos(int[] ids) {
        var bos = tokenizer.id(Input.BEGIN_OF_TEXT);
        return bos.isPresent() && ids.length > 0 && ids[0] == bos.getAsInt();
    }

    private synchronized boolean isLlama3() {
        if (isLlama3 == null) isLlama3 = tokenizer.size() > SHARED_WITH_CL100K && digest(tokenizer).equals(LLAMA3);
        return isLlama3;
    }

    static String digest(Tokenizer tokenizer) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int id = 0; id < SHARED_WITH_CL100K; id++) {
                digest.update(tokenizer.decode(new int[] {id}).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every JDK has it
        } catch (IllegalArgumentException e) {
            return "an id has no token";
        }
    }
}
