package dev.mme5.tokenizer;

import dev.mme5.json.Json;
import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RawMemberReader;
import java.util.List;

/**
 * Makes a {@link Tokenizer} of {@code tokenizer.json}. Every setting that would change ids is either obeyed or refused
 * here: a tokenizer of another kind must not give plausible, slightly wrong ids.
 *
 * <p>Not read: {@code truncation} and {@code padding}, which callers of the reference set anew on every call.
 */
final class TokenizerReader {
    private TokenizerReader() {}

    /** Makes the tree of a file, with what a reader took out of it. */
    @FunctionalInterface
    interface Parser {
        JsonObject parse(RawMemberReader bulk);
    }

    /** @throws ModelFormatException when the file is of another kind or contradicts itself */
    static Tokenizer read(String source, Parser parser) {
        try {
            RawVocabularyReader direct = new RawVocabularyReader();
            return make(parser.parse(direct), direct);
        } catch (ProbeLengthLimit.TooLong e) {
            throw new ModelFormatException(source, "", e.getMessage(), e);
        }
    }

    private static Tokenizer make(JsonObject file, RawVocabularyReader direct) {
        if (file.has("normalizer")) throw anotherKind(file, "normalizer", "null");
        checkPreTokenizer(file.object("pre_tokenizer"));
        checkDecoder(file);

        JsonObject model = file.object("model");
        checkModel(model);
        JsonObject vocab = model.object("vocab");
        TokenTable tokens = direct.tokens() != null ? direct.tokens() : VocabularyReader.tokens(vocab);
        Vocabulary vocabulary = VocabularyReader.read(tokens, file.array("added_tokens"), vocab);
        IntPairMap merges = direct.merges() != null ? direct.merges() : BytePairMerger.read(model.array("merges"), tokens);
        BytePairMerger merger = new BytePairMerger(tokens, merges);
        BytePairEncoder encoder = new BytePairEncoder(tokens, model.bool("ignore_merges", false), merger);
        return new Tokenizer(vocabulary, encoder, PostProcessor.read(file, vocabulary));
    }

    private static void checkPreTokenizer(JsonObject preTokenizer) {
        checkText(preTokenizer, "type", "Sequence");
        JsonArray steps = preTokenizer.array("pretokenizers");
        if (steps.size() != 2) throw anotherKind(preTokenizer, "pretokenizers", "Split and ByteLevel");

        JsonObject split = steps.object(0);
        checkText(split, "type", "Split");
        checkText(split.object("pattern"), "Regex", Llama3PreTokenizer.PATTERN);
        checkText(split, "behavior", "Isolated");
        checkFlag(split, "invert", false, false);

        JsonObject byteLevel = steps.object(1);
        checkText(byteLevel, "type", "ByteLevel");
        checkFlag(byteLevel, "add_prefix_space", true, false);
        checkFlag(byteLevel, "use_regex", true, false);
    }

    private static void checkDecoder(JsonObject file) {
        if (!file.has("decoder")) throw anotherKind(file, "decoder", "ByteLevel");
        checkText(file.object("decoder"), "type", "ByteLevel");
    }

    private static void checkModel(JsonObject model) {
        checkText(model, "type", "BPE");
        for (String key : List.of("unk_token", "dropout")) {
            if (model.has(key)) throw anotherKind(model, key, "null");
        }
        for (String key : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.text(key, "").isEmpty()) throw anotherKind(model, key, "null");
        }
        checkFlag(model, "byte_fallback", false, false);
    }

    private static void checkText(JsonObject holder, String key, String expected) {
        if (!holder.text(key).equals(expected)) throw anotherKind(holder, key, JsonWriter.quote(expected));
    }

    /** @param orElse what a file without the flag means, by the defaults of the tokenizers library */
    private static void checkFlag(JsonObject holder, String key, boolean orElse, boolean expected) {
        if (holder.bool(key, orElse) != expected) throw anotherKind(holder, key, String.valueOf(expected));
    }

    /** The refusal of a file that is sound, but not of the kind that is implemented here. */
    static ModelFormatException anotherKind(JsonObject holder, String key, String expected) {
        Json found = holder.get(key);
        String shown = switch (found) {
            case null -> "nothing";
            case JsonObject object when object.get("type") instanceof Json.Text type -> type.toString();
            case Json.Text text -> JsonWriter.quote(text.value());   // in full: patterns differ late
            default -> found.toString();
        };
        return holder.error(key, "a tokenizer of another kind: expected %s, found %s".formatted(expected, shown));
    }
}
