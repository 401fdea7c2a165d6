/**
 * The interfaces of others, answered by one model: OpenAI's ({@link dev.mme5.server.api.OpenAiRoute}), Cohere's ({@link
 * dev.mme5.server.api.CohereRoutes}) and that of Text Embeddings Inference ({@link dev.mme5.server.api.TeiRoutes}). Each turns its request
 * into {@link dev.mme5.server.api.Item}s and {@link dev.mme5.server.api.ServedModel} embeds them.
 */
package dev.mme5.server.api;
