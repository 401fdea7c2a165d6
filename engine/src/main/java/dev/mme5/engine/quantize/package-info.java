/**
 * Model folders with weights of 8 or 4 bits; {@code docs/QUANTIZATION.md} describes the files and the rounding. Start with {@link
 * dev.mme5.engine.quantize.Quantizer}:
 *
 * {@snippet :
 * QuantizeOptions options = QuantizeOptions.of(QuantizationScheme.INT8);
 * QuantizationReport report = Quantizer.quantize(source, target, options, (done, all) -> {});
 * }
 *
 * <p>{@link dev.mme5.engine.ActivationMoments}, measured on inputs like one's own, make the rounding better.
 */
package dev.mme5.engine.quantize;
