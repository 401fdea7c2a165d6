package dev.mme5.tokenizer.model;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/** Reads the member {@code model} of {@code tokenizer.json}. Only byte-level BPE is supported. */
public final class TokenModelReader {
    private TokenModelReader() {}

    /**
     * @param file the root of {@code tokenizer.json}
     * @param raw the parts that were read while the file was parsed
     * @throws ModelFormatException if it is of an unsupported kind or contradicts itself
     */
    public static TokenModel read(JsonObject file, RawVocabularyReader raw) {
        JsonObject model = file.object("model");
        KindChecks.requireText(model, "type", "BPE");
        return BytePairModelReader.read(model, raw);
    }
}
