package dev.mme5.engine.family.encoder;

/** The published architectures; they differ in names and defaults, and in where positions begin. */
enum EncoderKind {
    BERT("bert", 30_522, 0),
    ROBERTA("roberta", 50_265, 1),
    XLM_ROBERTA("xlm-roberta", 30_522, 1);

    private final String modelType;
    private final int defaultVocabSize;
    private final int defaultPaddingId;

    EncoderKind(String modelType, int defaultVocabSize, int defaultPaddingId) {
        this.modelType = modelType;
        this.defaultVocabSize = defaultVocabSize;
        this.defaultPaddingId = defaultPaddingId;
    }

    /** The value of {@code model_type}. */
    String modelType() {
        return modelType;
    }

    /** {@code vocab_size} where config.json does not say. */
    int defaultVocabSize() {
        return defaultVocabSize;
    }

    /** {@code pad_token_id} where config.json does not say. */
    int defaultPaddingId() {
        return defaultPaddingId;
    }

    /** Row of the position table for the first token: RoBERTa counts from the padding id, which fairseq kept for padding. */
    int firstPosition(int paddingId) {
        return countsFromPadding() ? paddingId + 1 : 0;
    }

    /** Whether positions begin after the padding id. */
    boolean countsFromPadding() {
        return this != BERT;
    }
}
