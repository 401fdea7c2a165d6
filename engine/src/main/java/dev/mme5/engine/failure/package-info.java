/**
 * Why a call ends without a result, as the inner floors report it: {@link dev.mme5.engine.failure.Failure} concerns the model as a whole,
 * {@link dev.mme5.engine.failure.Refusal} one input. The public API reports each as an exception of its own.
 */
package dev.mme5.engine.failure;
