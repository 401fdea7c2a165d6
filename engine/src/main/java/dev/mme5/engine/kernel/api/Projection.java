package dev.mme5.engine.kernel.api;

import dev.mme5.weights.WeightMatrix;

/**
 * A linear layer and its activation: act(x · weightᵀ + bias).
 *
 * @param weight [out, in]
 * @param bias [out], or null
 * @param gelu whether the exact GELU follows
 */
public record Projection(WeightMatrix weight, float[] bias, boolean gelu) {}
