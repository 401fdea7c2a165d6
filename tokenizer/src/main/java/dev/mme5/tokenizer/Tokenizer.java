package dev.mme5.tokenizer;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.IdBuffer;
import dev.mme5.tokenizer.common.SpanHandler;
import dev.mme5.tokenizer.common.TokenizerFiles;
import dev.mme5.tokenizer.common.Utf8;
import dev.mme5.tokenizer.model.TokenModel;
import dev.mme5.tokenizer.model.WordPieceModel;
import dev.mme5.tokenizer.normalizer.Normalizer;
import dev.mme5.tokenizer.postprocessor.PostProcessor;
import dev.mme5.tokenizer.pretokenizer.PreTokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Converts text to token ids and back, as {@code tokenizer.json} defines: byte-level BPE with the rules of Llama 3, WordPiece as BERT
 * has it, or Unigram as SentencePiece makes it. Thread-safe.
 *
 * <p>Encoding runs through the stages that the package documentation lists, each named as in the file. Byte-level BPE has no
 * normaliser: {@code é} and {@code e} with an accent are different texts. A Java string can contain unpaired surrogates, which are not
 * text; each is read as U+FFFD.
 */
public final class Tokenizer {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Vocabulary vocabulary;
    private final Normalizer normalizer;
    private final AddedTokenSplitter addedTokens;
    private final AddedTokenSplitter ordinaryTokens;
    private final PreTokenizer preTokenizer;
    private final TokenModel model;
    private final PostProcessor postProcessor;
    private final Decoder decoder;

    Tokenizer(
            Vocabulary vocabulary,
            Normalizer normalizer,
            PreTokenizer preTokenizer,
            TokenModel model,
            PostProcessor postProcessor,
            Decoder decoder,
            boolean splitsSpecialTokens) {
        this.vocabulary = vocabulary;
        this.normalizer = normalizer;
        boolean findsStart = preTokenizer.dependsOnStart();
        AddedTokenSplitter all = new AddedTokenSplitter(vocabulary.added(), normalizer, findsStart);
        this.ordinaryTokens = all.passingSpecial();
        this.addedTokens = splitsSpecialTokens ? ordinaryTokens : all;
        this.preTokenizer = preTokenizer;
        this.model = model;
        this.postProcessor = postProcessor;
        this.decoder = decoder;
    }

    /**
     * Opens the tokenizer of a model folder, from {@code tokenizer.json}. If {@code tokenizer_config.json} or
     * {@code config.json} stands for BertTokenizer or XLMRobertaTokenizer, only tokens and a character map come from
     * {@code tokenizer.json}, and the stages are those that transformers 5 builds. Special tokens that {@code tokenizer_config.json} and
     * {@code special_tokens_map.json} name are added. Only a byte-level tokenizer must have {@code tokenizer_config.json}.
     * {@code do_lower_case} of {@code sentence_bert_config.json} counts too. Texts are cut at their end: a folder that has another side is
     * refused. A symbolic link may not lead out of the folder, except into the store of a Hugging Face cache.
     *
     * <p>Tokens that are in files beside {@code tokenizer.json} only have ids below {@code vocab_size} of {@code config.json}, as those of
     * the model have; if it does not say one, there is no limit. A byte-level tokenizer has no such tokens.
     *
     * @throws ModelFormatException if a file is missing, damaged or of an unsupported kind, leads out of the folder, or names a token for
     *     which no id is left
     */
    public static Tokenizer open(Path folder) {
        return open(folder, () -> FolderSettings.vocabularySize(folder));
    }

    /**
     * The same with another limit for tokens that are in files beside {@code tokenizer.json} only: there must be an embedding for their
     * ids. A token that no file names and its class has, such as {@code [MASK]}, is text if none is left for it.
     *
     * @param maxSize their ids are below it
     * @throws ModelFormatException also if there are more such tokens; the file that has the first of them is named
     */
    public static Tokenizer open(Path folder, int maxSize) {
        return open(folder, () -> maxSize);
    }

    private static Tokenizer open(Path folder, IntSupplier maxSize) {
        Path file = folder.resolve("tokenizer.json");
        Path target = TokenizerFiles.checked(folder, file);
        return read(file, target, FolderSettings.read(folder, maxSize));
    }

    private static Tokenizer read(Path file, Path target, FolderSettings settings) {
        return TokenizerReader.read(file.toString(), settings, rawReader -> JsonReader.readObject(file, target, rawReader));
    }

    /**
     * Reads the tokenizer of one {@code tokenizer.json}, and no other file. Texts are cut at their end: a file whose truncation begins on
     * the left is refused, unless it is byte-level. Symbolic links are followed wherever they lead.
     *
     * @throws ModelFormatException if the file is missing, damaged or of an unsupported kind
     */
    public static Tokenizer read(Path tokenizerJson) {
        return read(tokenizerJson, JsonReader.regularFile(tokenizerJson));
    }

    /**
     * Reads the tokenizer of one {@code tokenizer.json} whose path was checked by the caller.
     *
     * @param tokenizerJson the file as the user named it, for messages
     * @param target the path that is opened, without symbolic links
     * @throws ModelFormatException if the file is damaged or of an unsupported kind
     */
    public static Tokenizer read(Path tokenizerJson, Path target) {
        return read(tokenizerJson, target, FolderSettings.NONE);
    }

    /** The ids of a text, including those that the post-processor adds. */
    public int[] encode(String text) {
        return encode(text, NO_LIMIT).ids();
    }

    /**
     * The ids of a text, including those that the post-processor adds, cut to {@code maxTokens}. The special tokens after the text stay:
     * the text is cut in front of them. The whole text is tokenised all the same, for the total, but ids beyond the maximum take no
     * memory. Of a text that is cut to less than {@link #leastTokens}, special tokens are lost or nothing else is left.
     *
     * @throws IllegalArgumentException if {@code maxTokens} is less than 1
     */
    public Encoding encode(String text, int maxTokens) {
        if (maxTokens < 1) throw new IllegalArgumentException("maxTokens is %d, expected at least 1".formatted(maxTokens));
        IdBuffer ids = new IdBuffer(maxTokens);
        postProcessor.process(out -> encode(text, out), ids);
        return new Encoding(ids.kept(), ids.total());
    }

    /**
     * The ids of two texts, with the special tokens that the post-processor puts around and between them. Nothing is cut.
     *
     * @throws IllegalStateException if {@code tokenizer.json} has no template for pairs
     */
    public int[] encodePair(String first, String second) {
        IdBuffer ids = new IdBuffer(NO_LIMIT);
        postProcessor.processPair(out -> encode(first, out), out -> encode(second, out), ids);
        return ids.kept();
    }

    /** The ids of a text alone, without those that the post-processor adds. Added tokens in the text are recognised. */
    public int[] encodeRaw(String text) {
        IdBuffer ids = new IdBuffer(NO_LIMIT);
        encode(text, ids);
        return ids.kept();
    }

    /**
     * The ids of a text whose second part is plain: what looks like a special token there is text, as with {@code split_special_tokens} of
     * the reference library. The ids that the post-processor adds are included.
     *
     * @param head the first part, in which special tokens are recognised
     * @param plain the second part
     * @throws IllegalArgumentException if {@code maxTokens} is less than 1
     */
    public Encoding encodePlain(String head, String plain, int maxTokens) {
        if (maxTokens < 1) throw new IllegalArgumentException("maxTokens is %d, expected at least 1".formatted(maxTokens));
        IdBuffer ids = new IdBuffer(maxTokens);
        postProcessor.process(out -> appendPlain(head, plain, out), ids);
        return new Encoding(ids.kept(), ids.total());
    }

    /** The same without the ids that the post-processor adds. */
    public int[] encodeRawPlain(String head, String plain) {
        return encodeText(head, plain, false).ids();
    }

    /**
     * All ids of {@link #encodePlain} or of {@link #encodeRawPlain}, and which of them are those of the second part.
     *
     * @param withSpecial whether the ids that the post-processor adds are included
     */
    public EncodedText encodeText(String head, String plain, boolean withSpecial) {
        IdBuffer ids = new IdBuffer(NO_LIMIT);
        int[] range = new int[2];
        Consumer<IdBuffer> text = out -> {
            range[0] = appendPlain(head, plain, out);
            range[1] = out.total();
        };
        if (withSpecial) postProcessor.process(text, ids);
        else text.accept(ids);
        return new EncodedText(ids.kept(), range[0], range[1]);
    }

    /** Appends the ids of both parts, and returns how many there were before those of the second. */
    private int appendPlain(String head, String plain, IdBuffer out) {
        encode(addedTokens, head, true, out);
        int start = out.total();
        encode(ordinaryTokens, plain, head.isEmpty(), out);
        return start;
    }

    /**
     * Where in a text its tokens are: for each id, the index of its first char and that behind its last one. A token of a part of a
     * character has the place of the whole character. One that is not in the text has -1 twice: those around it, special and unknown ones,
     * and those whose place is not sure.
     *
     * @param encoded what {@link #encodeText} made of the text
     * @throws IllegalStateException if the tokenizer is byte-level: it does not change texts, so their tokens are found by {@link #decode}
     */
    public int[] places(String text, EncodedText encoded) {
        if (isByteLevel()) throw new IllegalStateException("a byte-level tokenizer has no places of tokens");
        String prefix = model instanceof WordPieceModel wordPiece ? wordPiece.prefix() : "";
        TokenPlaces places = new TokenPlaces(text, encoded, normalizer,
                id -> vocabulary.isSpecial(id) ? null : Decoder.text(id, vocabulary), prefix);
        return places.find(word -> encodeRawPlain("", word));
    }

    private void encode(String text, IdBuffer out) {
        encode(addedTokens, text, true, out);
    }

    private void encode(AddedTokenSplitter splitter, String text, boolean leads, IdBuffer out) {
        SpanHandler pieceEncoder = model.encoder(out);
        splitter.split(Utf8.encode(text), leads, new AddedTokenSplitter.SegmentHandler() {
            @Override
            public void token(AddedToken token) {
                out.add(token.id());
            }

            @Override
            public void text(byte[] utf8, int from, int to, int leading) {
                preTokenizer.split(utf8, from, to, leading, pieceEncoder);
            }
        });
    }

    /**
     * The text of ids, including special tokens. Bytes that are not UTF-8, for example because the ids end inside a character, become
     * U+FFFD.
     *
     * @throws IllegalArgumentException if no token has one of the ids
     */
    public String decode(int[] ids) {
        return decode(ids, true);
    }

    /**
     * The text of ids. Bytes that are not UTF-8, for example because the ids end inside a character, become U+FFFD.
     *
     * @param withSpecialTokens whether special tokens are part of the text
     * @throws IllegalArgumentException if no token has one of the ids
     */
    public String decode(int[] ids, boolean withSpecialTokens) {
        for (int id : ids) {
            if (id < 0 || !vocabulary.has(id)) {
                throw new IllegalArgumentException("no token has id %d: expected one of 0 to %d".formatted(id, maxId()));
            }
        }
        int[] chosen = withSpecialTokens ? ids : Arrays.stream(ids).filter(id -> !vocabulary.isSpecial(id)).toArray();
        return decoder.decode(chosen, vocabulary);
    }

    /** Whether {@link #decode} gives back any text that was encoded, as byte-level BPE does. */
    public boolean isByteLevel() {
        return decoder instanceof Decoder.ByteLevel;
    }

    /** Whether the file says how tokens are joined. Otherwise {@link #decode} puts spaces between them. */
    public boolean hasDecoder() {
        return !(decoder instanceof Decoder.Spaced);
    }

    /**
     * The id of a token as it is written in the file: an added token literally, any other of byte-level BPE in the byte alphabet, for
     * example {@code Ġthe}. Empty if there is no such token.
     */
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    /**
     * The least maximum at which a text that is cut keeps the special tokens around it and a token of its own. 1 if no special tokens
     * follow a text: then those in front of it are cut like any other.
     */
    public int leastTokens() {
        return postProcessor.leastTokens();
    }

    /** The highest id plus 1, which is the number of rows that an embedding table needs. Ids may have gaps. */
    public int size() {
        return vocabulary.size();
    }

    /** The highest id. */
    public int maxId() {
        return size() - 1;
    }

    /** The added tokens, in file order; unmodifiable. */
    public List<AddedToken> addedTokens() {
        return vocabulary.added();
    }
}
