package dev.mme5.tokenizer;

import dev.mme5.json.JsonObject;
import dev.mme5.json.ModelFormatException;
import dev.mme5.tokenizer.common.KindChecks;

/** Reads the member {@code decoder} of {@code tokenizer.json}: ByteLevel for byte-level BPE; WordPiece, Metaspace or none for others. */
final class DecoderReader {
    private DecoderReader() {}

    /** @throws ModelFormatException if it is of an unsupported kind */
    static Decoder read(JsonObject file, boolean isByteLevel) {
        String supported = isByteLevel ? "ByteLevel" : "WordPiece or Metaspace";
        if (!file.has("decoder")) {
            if (isByteLevel) throw KindChecks.unsupported(file, "decoder", supported);
            return new Decoder.Spaced();
        }
        JsonObject decoder = file.object("decoder");
        if (isByteLevel) {
            KindChecks.requireText(decoder, "type", "ByteLevel");
            return new Decoder.ByteLevel();
        }
        return switch (decoder.text("type")) {
            case "WordPiece" -> wordPiece(decoder);
            case "Metaspace" -> metaspace(decoder);
            default -> throw KindChecks.unsupported(decoder, "type", supported);
        };
    }

    /** The decoder that transformers' BertTokenizer makes. */
    static Decoder ofBertTokenizer() {
        return new Decoder.WordPiece("##", true);
    }

    /**
     * The decoder that transformers' XLMRobertaTokenizer makes.
     *
     * @throws ModelFormatException if a setting of {@code tokenizer_config.json} is of another type
     */
    static Decoder ofXlmRobertaTokenizer(JsonObject tokenizerConfig) {
        return new Decoder.Metaspace("\u2581",
                tokenizerConfig.bool("add_prefix_space", !tokenizerConfig.keys().contains("add_prefix_space")));
    }

    private static Decoder wordPiece(JsonObject decoder) {
        return new Decoder.WordPiece(decoder.text("prefix", "##"), decoder.bool("cleanup", true));
    }

    private static Decoder metaspace(JsonObject decoder) {
        return new Decoder.Metaspace(decoder.text("replacement"), isPrepended(decoder));
    }

    private static boolean isPrepended(JsonObject metaspace) {
        String scheme = metaspace.bool("add_prefix_space", true) ? "always" : "never";
        return !metaspace.text("prepend_scheme", scheme).equals("never");
    }
}
