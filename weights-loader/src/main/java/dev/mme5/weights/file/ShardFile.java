package dev.mme5.weights.file;

import java.nio.file.Path;

/**
 * One file of a checkpoint.
 *
 * @param path the file as the user would find it
 * @param bytes size of the whole file, header included
 * @param tensors number of tensors in it
 */
public record ShardFile(Path path, long bytes, int tensors) {}
