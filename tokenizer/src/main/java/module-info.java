/**
 * Text to token ids and back, as {@code tokenizer.json} and the files beside it define: byte-level BPE with the rules of Llama 3,
 * WordPiece and Unigram.
 */
module dev.mme5.tokenizer {
    requires transitive dev.mme5.json;

    exports dev.mme5.tokenizer;
}
