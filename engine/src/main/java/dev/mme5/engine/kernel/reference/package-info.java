/**
 * Kernels to read: one thread, formulas as in the reference, sums in double.
 * {@link dev.mme5.engine.kernel.reference.ReferenceKernels} is what all others are tested against, and the fallback where the Vector API
 * module is missing.
 */
package dev.mme5.engine.kernel.reference;
