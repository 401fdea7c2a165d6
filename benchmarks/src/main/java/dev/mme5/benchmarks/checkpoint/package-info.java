/**
 * Synthetic checkpoints of the real model's size, and seeded inputs. Start with {@link
 * dev.mme5.benchmarks.checkpoint.SyntheticCheckpoint}.
 */
package dev.mme5.benchmarks.checkpoint;
