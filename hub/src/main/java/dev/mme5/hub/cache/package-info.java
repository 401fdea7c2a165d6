/**
 * The folders on the disk, laid out as Python's {@code huggingface_hub} does: {@link dev.mme5.hub.cache.CacheFolder} is a
 * repository's part of the shared cache, {@link dev.mme5.hub.cache.OutputFolder} a plain folder with the etags beside it,
 * {@link dev.mme5.hub.cache.SnapshotContents} tells whether a folder has all that a model needs, and
 * {@link dev.mme5.hub.cache.FileNames} refuses names that lead elsewhere. Start with {@code CacheFolder}.
 */
package dev.mme5.hub.cache;
