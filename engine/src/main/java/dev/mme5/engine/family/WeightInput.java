package dev.mme5.engine.family;

import java.util.Optional;

/**
 * Where the activations come from that a weight is multiplied with. Quantising estimates their size by column from the weights
 * that computed them. Scopes are canonical names without {@code .weight}.
 */
public sealed interface WeightInput {
    /** The output of a norm: its weights, and biases if it has any, scale the columns. */
    record Norm(String scope) implements WeightInput {}

    /**
     * The output of a linear layer.
     *
     * @param input where that layer's own input comes from; empty where nothing is known
     */
    record Projection(String scope, Optional<WeightInput> input) implements WeightInput {}

    /**
     * The output of attention, a mean of values.
     *
     * @param values the value projection
     * @param headSize width of a head
     * @param queriesPerKey query heads that share a head of values
     */
    record Attention(Projection values, int headSize, int queriesPerKey) implements WeightInput {}

    /** The product, column by column, of a gate and an up projection. */
    record Gated(Projection gate, Projection up) implements WeightInput {}
}
