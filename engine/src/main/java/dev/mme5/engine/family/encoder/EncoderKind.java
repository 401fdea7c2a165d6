package dev.mme5.engine.family.encoder;

/** The two published architectures; they differ in names and defaults, and in where positions begin. */
enum EncoderKind {
    BERT("bert", 0),
    XLM_ROBERTA("xlm-roberta", 1);

    private final String modelType;
    private final int defaultPaddingId;

    EncoderKind(String modelType, int defaultPaddingId) {
        this.modelType = modelType;
        this.defaultPaddingId = defaultPaddingId;
    }

    /** The value of {@code model_type}. */
    String modelType() {
        return modelType;
    }

    /** {@code pad_token_id} where config.json does not say. */
    int defaultPaddingId() {
        return defaultPaddingId;
    }

    /** Row of the position table for the first token: XLM-RoBERTa counts from the padding id, which fairseq kept for padding. */
    int firstPosition(int paddingId) {
        return this == XLM_ROBERTA ? paddingId + 1 : 0;
    }
}
