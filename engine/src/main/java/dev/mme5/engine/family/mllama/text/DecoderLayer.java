package dev.mme5.engine.family.mllama.text;

/** One layer of the decoder: most attend to the text, some to the image. */
sealed interface DecoderLayer permits SelfAttentionLayer, CrossAttentionLayer {}
