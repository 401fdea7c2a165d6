package dev.mme5.tokenizer;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Text to token ids and back: byte-level BPE with the rules of Llama 3, all read from {@code tokenizer.json}. Start
 * reading here.
 *
 * <p>Encoding has four stages: {@link AddedTokenSplitter} cuts the text, {@link Llama3PreTokenizer} splits the stretches between
 * into pieces, {@link BytePairEncoder} turns pieces into ids, mostly whole, else by {@link BytePairMerger}. Then {@link
 * PostProcessor} says what stands around them.
 *
 * <p>Nothing is normalised: {@code é} and {@code e} with an accent are different texts. A Java string may hold unpaired
 * surrogates, which are no text; each is read as U+FFFD.
 *
 * <p>One instance may be used by any number of threads.
 */
public final class Tokenizer {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Vocabulary vocabulary;
    private final AddedTokenSplitter addedTokens;
    private final BytePairEncoder pieceEncoder;
    private final PostProcessor postProcessor;

    Tokenizer(Vocabulary vocabulary, BytePairEncoder pieceEncoder, PostProcessor postProcessor) {
        this.vocabulary = vocabulary;
        this.addedTokens = new AddedTokenSplitter(vocabulary.added());
        this.pieceEncoder = pieceEncoder;
        this.postProcessor = postProcessor;
    }

    /**
     * The tokenizer of a model folder, from {@code tokenizer.json}. {@code tokenizer_config.json} must be there too,
     * though nothing in it changes ids.
     *
     * @throws ModelFormatException when a file is missing, damaged or of another kind
     */
    public static Tokenizer open(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        Path config = folder.resolve("tokenizer_config.json");
        Tokenizer tokenizer = read(file, TokenizerFiles.checked(folder, file));
        JsonReader.readObject(config, TokenizerFiles.checked(folder, config), RawMemberReader.NONE);
        return tokenizer;
    }

    /**
     * The tokenizer of one {@code tokenizer.json}.
     *
     * @throws ModelFormatException when the file is missing, damaged or of another kind
     */
    public static Tokenizer read(Path tokenizerJson) {
        return read(tokenizerJson, JsonReader.regularFile(tokenizerJson));
    }

    /**
     * The tokenizer of one {@code tokenizer.json} whose path was checked by the caller.
     *
     * @param tokenizerJson the file as the user named it, for messages
     * @param target the path that is opened, without symbolic links
     * @throws ModelFormatException if the file is damaged or of an unsupported kind
     */
    public static Tokenizer read(Path tokenizerJson, Path target) {
        return TokenizerReader.read(tokenizerJson.toString(), rawReader -> JsonReader.readObject(tokenizerJson, target, rawReader));
    }

    /** The ids of a text, with those that the file's post-processor puts around it. */
    public int[] encode(String text) {
        return encode(text, NO_LIMIT).ids();
    }

    /**
     * The same, cut after {@code maxTokens} ids, those of the post-processor counted. The whole text is tokenised even
     * so, for the total; the ids beyond the limit take no memory.
     *
     * @throws IllegalArgumentException when {@code maxTokens} is less than 1
     */
    public Encoding encode(String text, int maxTokens) {
        if (maxTokens < 1) throw new IllegalArgumentException("maxTokens is %d, expected at least 1".formatted(maxTokens));
        IdBuffer ids = new IdBuffer(maxTokens);
        ids.addAll(postProcessor.before(), postProcessor.before().length);
        encode(text, ids);
        ids.addAll(postProcessor.after(), postProcessor.after().length);
        return new Encoding(ids.kept(), ids.total());
    }

    /** The ids of the text alone. Added tokens in it are recognised. */
    public int[] encodeRaw(String text) {
        IdBuffer ids = new IdBuffer(NO_LIMIT);
        encode(text, ids);
        return ids.kept();
    }

    private void encode(String text, IdBuffer out) {
        byte[] utf8 = Utf8.encode(text);
        SymbolList symbols = new SymbolList();
        addedTokens.cut(utf8, new AddedTokenSplitter.Sink() {
            @Override
            public void token(AddedToken token) {
                out.add(token.id());
            }

            @Override
            public void text(int from, int to) {
                int at = from;
                while (at < to) {
                    int end = Llama3PreTokenizer.endOfPiece(utf8, at, to);
                    pieceEncoder.encode(utf8, at, end, symbols, out);
                    at = end;
                }
            }
        });
    }

    /**
     * The text that the ids stand for, special tokens written out. Bytes that are no UTF-8, for instance because the
     * ids end within a character, become U+FFFD.
     *
     * @throws IllegalArgumentException when an id is not a token's
     */
    public String decode(int[] ids) {
        return decode(ids, true);
    }

    /**
     * The text that the ids stand for.
     *
     * @param withSpecialTokens whether special tokens are written out or left out
     * @throws IllegalArgumentException when an id is not a token's
     */
    public String decode(int[] ids, boolean withSpecialTokens) {
        long length = 0;
        for (int id : ids) {
            if (id < 0 || !vocabulary.has(id)) {
                throw new IllegalArgumentException("no token has id %d: expected one of 0 to %d".formatted(id, maxId()));
            }
            if (withSpecialTokens || !vocabulary.isSpecial(id)) length += vocabulary.length(id);
        }

        byte[] utf8 = new byte[Math.toIntExact(length)];
        int at = 0;
        for (int id : ids) {
            if (!withSpecialTokens && vocabulary.isSpecial(id)) continue;
            vocabulary.copy(id, utf8, at);
            at += vocabulary.length(id);
        }
        return Utf8.decode(utf8);
    }

    /**
     * The id of a token as it is written in the file: an added token literally, another in the byte alphabet, as in
     * {@code Ġthe}.
     */
    public OptionalInt id(String token) {
        int id = vocabulary.id(token);
        return id == Vocabulary.ABSENT ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The highest id, and one: the rows that an embedding table needs. Ids may have holes. */
    public int size() {
        return vocabulary.size();
    }

    /** The highest id. */
    public int maxId() {
        return size() - 1;
    }

    /** In the order of the file; unmodifiable. */
    public List<AddedToken> addedTokens() {
        return vocabulary.added();
    }
}
