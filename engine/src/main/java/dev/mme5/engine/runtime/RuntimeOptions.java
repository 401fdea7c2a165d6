package dev.mme5.engine.runtime;

import java.time.Duration;

/**
 * How a model is run; the public API's options have the same parts and describe them.
 *
 * @param threads at least 1
 * @param maxTokens limit of an input; 0 for the model's own
 * @param maxPixels limit of an image
 * @param maxWait how long a call may wait for others; null for no limit
 * @param maxWaiting how many calls may wait; 0 for no limit
 */
public record RuntimeOptions(
        int threads, KernelSelection.Policy kernels, int maxTokens, boolean refuseTooLong, long maxPixels, boolean dropDuplicateBos,
        boolean applyExif, long imageCacheBytes, long prefixCacheBytes, boolean verify, Duration maxWait, int maxWaiting) {}
