package dev.mme5.tokenizer.normalizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/** Reads the member {@code normalizer} of {@code tokenizer.json}. Only {@code null} is supported. */
public final class NormalizerReader {
    private NormalizerReader() {}

    /**
     * @param file the root of {@code tokenizer.json}
     * @throws ModelFormatException if it is of an unsupported kind
     */
    public static Normalizer read(JsonObject file) {
        KindChecks.requireNull(file, "normalizer");
        return new IdentityNormalizer();
    }
}
