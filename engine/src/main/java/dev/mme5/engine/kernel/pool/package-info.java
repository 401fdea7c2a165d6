/**
 * Threads and buffers of the kernels. {@link dev.mme5.engine.kernel.pool.WorkerPool} runs parallel regions,
 * {@link dev.mme5.engine.kernel.pool.RowPartition} chooses how many rows a task takes, and
 * {@link dev.mme5.engine.kernel.pool.BufferPool} retains working buffers between tasks.
 */
package dev.mme5.engine.kernel.pool;
