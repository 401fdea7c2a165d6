/**
 * Brings one file of known size and digest onto the disk: {@link dev.mme5.hub.transfer.FileFetcher} asks for several ranges at
 * once, {@link dev.mme5.hub.transfer.PartialFile} records what has come so that any later process goes on there, and
 * {@link dev.mme5.hub.transfer.ContentDigest} checks the whole before it may get its name. Start with {@code FileFetcher}.
 */
package dev.mme5.hub.transfer;
