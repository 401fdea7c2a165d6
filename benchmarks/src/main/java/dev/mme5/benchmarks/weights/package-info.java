/**
 * Matrix products with weights as folders store them. Start with {@link dev.mme5.benchmarks.weights.StoredMatmul};
 * {@link dev.mme5.benchmarks.weights.StoredWeight} lists the forms.
 */
package dev.mme5.benchmarks.weights;
