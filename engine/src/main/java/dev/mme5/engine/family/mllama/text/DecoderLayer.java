package dev.mme5.engine.family.mllama.text;

/** One layer of the decoder: most attend to the sequence itself, some to the images. */
sealed interface DecoderLayer permits SelfAttentionLayer, CrossAttentionLayer {}
