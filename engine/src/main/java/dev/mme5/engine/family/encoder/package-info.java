/**
 * Text encoders of the kind of E5: BERT, RoBERTa and XLM-RoBERTa as sentence embedding models. Start with {@link
 * dev.mme5.engine.family.encoder.EncoderFamily}, then {@link dev.mme5.engine.family.encoder.TextEncoder}, the forward pass. {@link
 * dev.mme5.engine.family.encoder.PoolingConfig} reads how token states become one vector. docs/E5.md has the shapes.
 */
package dev.mme5.engine.family.encoder;
