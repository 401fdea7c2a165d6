package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/**
 * Reads the member {@code pre_tokenizer} of {@code tokenizer.json}. A byte-level model has the sequence of Llama 3: Split with its
 * pattern, then ByteLevel, which adds nothing because the model works on bytes. Other models have {@code null}, one kind, or a
 * Sequence of kinds.
 */
public final class PreTokenizerReader {
    /** Pre-tokenizers of a Sequence, with those of nested ones; known tokenizers have two. */
    private static final int MAX_STEPS = 20;

    private static final String SUPPORTED = "BertPreTokenizer, WhitespaceSplit, Metaspace or a Sequence of these";

    private PreTokenizerReader() {}

    /**
     * Reads the pre-tokenizer of a model whose tokens are bytes.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind
     */
    public static PreTokenizer readByteLevel(JsonObject file) {
        JsonObject preTokenizer = file.object("pre_tokenizer");
        KindChecks.requireText(preTokenizer, "type", "Sequence");
        JsonArray steps = preTokenizer.array("pretokenizers");
        if (steps.size() != 2) throw KindChecks.unsupported(preTokenizer, "pretokenizers", "Split and ByteLevel");
        checkSplit(steps.object(0));
        checkByteLevel(steps.object(1));
        return new Llama3PreTokenizer();
    }

    private static void checkSplit(JsonObject split) {
        KindChecks.requireText(split, "type", "Split");
        KindChecks.requireText(split.object("pattern"), "Regex", Llama3PreTokenizer.PATTERN);
        KindChecks.requireText(split, "behavior", "Isolated");
        KindChecks.requireFlag(split, "invert", false, false);
    }

    private static void checkByteLevel(JsonObject byteLevel) {
        KindChecks.requireText(byteLevel, "type", "ByteLevel");
        KindChecks.requireFlag(byteLevel, "add_prefix_space", true, false);
        KindChecks.requireFlag(byteLevel, "use_regex", true, false);
    }

    /**
     * Reads the pre-tokenizer of a model whose tokens are characters.
     *
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind
     */
    public static PreTokenizer read(JsonObject file) {
        return file.has("pre_tokenizer") ? read(file.object("pre_tokenizer"), MAX_STEPS) : new IdentityPreTokenizer();
    }

    /**
     * The pre-tokenizer that transformers' XLMRobertaTokenizer makes, whatever that of {@code tokenizer.json} is.
     *
     * @throws ModelFormatException if a setting of {@code tokenizer_config.json} is of another type
     */
    public static PreTokenizer ofXlmRobertaTokenizer(JsonObject tokenizerConfig) {
        MetaspacePreTokenizer.Prepend prepend =
                tokenizerConfig.bool("add_prefix_space", !tokenizerConfig.keys().contains("add_prefix_space"))
                        ? MetaspacePreTokenizer.Prepend.ALWAYS
                        : MetaspacePreTokenizer.Prepend.NEVER;
        return new PreTokenizerSequence(new WhitespacePreTokenizer(), new MetaspacePreTokenizer("\u2581", prepend, true));
    }

    /** @param maxSteps how many may be nested in each other or follow each other */
    private static PreTokenizer read(JsonObject preTokenizer, int maxSteps) {
        return switch (preTokenizer.text("type")) {
            case "BertPreTokenizer" -> new BertPreTokenizer();
            case "WhitespaceSplit" -> new WhitespacePreTokenizer();
            case "Metaspace" -> metaspace(preTokenizer);
            case "Sequence" -> sequence(preTokenizer, maxSteps - 1);
            default -> throw KindChecks.unsupported(preTokenizer, "type", SUPPORTED);
        };
    }

    private static PreTokenizer sequence(JsonObject sequence, int maxSteps) {
        JsonArray steps = sequence.array("pretokenizers");
        if (steps.size() > maxSteps) throw sequence.error("pretokenizers", "expected at most " + MAX_STEPS + " pre-tokenizers");
        PreTokenizer all = new IdentityPreTokenizer();
        for (int i = 0; i < steps.size(); i++) {
            PreTokenizer next = read(steps.object(i), maxSteps);
            if (all.writesText() && next.dependsOnStart()) {
                throw steps.error(i, "expected no Metaspace with prepend_scheme \"first\" behind another one");
            }
            all = all instanceof IdentityPreTokenizer ? next : new PreTokenizerSequence(all, next);
        }
        return all;
    }

    /** Either {@code prepend_scheme} and {@code split}, or {@code add_prefix_space} in files of old releases of the library. */
    private static PreTokenizer metaspace(JsonObject metaspace) {
        String replacement = metaspace.text("replacement");
        if (replacement.codePointCount(0, replacement.length()) != 1) {
            throw metaspace.error("replacement", "expected one character, found " + JsonWriter.quote(replacement));
        }
        boolean prefixSpace = metaspace.bool("add_prefix_space", true);
        MetaspacePreTokenizer.Prepend prepend = switch (metaspace.text("prepend_scheme", prefixSpace ? "always" : "never")) {
            case "always" -> MetaspacePreTokenizer.Prepend.ALWAYS;
            case "first" -> MetaspacePreTokenizer.Prepend.FIRST;
            case "never" -> MetaspacePreTokenizer.Prepend.NEVER;
            default -> throw KindChecks.unsupported(metaspace, "prepend_scheme", "\"always\", \"first\" or \"never\"");
        };
        if (prepend != MetaspacePreTokenizer.Prepend.NEVER && !prefixSpace) {
            throw metaspace.error("add_prefix_space", "contradicts prepend_scheme");
        }
        return new MetaspacePreTokenizer(replacement, prepend, metaspace.bool("split", true));
    }
}
