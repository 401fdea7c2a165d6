/**
 * Packs the inputs of many requests into passes: {@link dev.mme5.server.queue.Embedder} is what routes see, {@link
 * dev.mme5.server.queue.EmbedQueue} takes turns between requests.
 */
package dev.mme5.server.queue;
