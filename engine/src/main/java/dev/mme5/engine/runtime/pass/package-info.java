/**
 * Passes through the network: one at a time, as passes side by side are no faster. {@link dev.mme5.engine.runtime.pass.PassQueue} packs
 * inputs of many callers into one pass, {@link dev.mme5.engine.runtime.pass.ForwardPass} computes it.
 */
package dev.mme5.engine.runtime.pass;
