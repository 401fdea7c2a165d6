/** Byte-level BPE from {@code tokenizer.json}. */
module dev.mme5.tokenizer {
    requires transitive dev.mme5.json;

    exports dev.mme5.tokenizer;
}
