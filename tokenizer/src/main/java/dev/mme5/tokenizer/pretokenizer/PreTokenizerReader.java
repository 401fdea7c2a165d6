package dev.mme5.tokenizer.pretokenizer;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/**
 * Reads the member {@code pre_tokenizer} of {@code tokenizer.json}. Supported is the sequence of Llama 3: Split with its pattern,
 * then ByteLevel, which adds nothing because the model works on bytes.
 */
public final class PreTokenizerReader {
    private PreTokenizerReader() {}

    /**
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind
     */
    public static PreTokenizer read(JsonObject file) {
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
}
