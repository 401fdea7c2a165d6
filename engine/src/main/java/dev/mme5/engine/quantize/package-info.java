/** Model folders with weights of 8 or 4 bits; {@code docs/QUANTIZATION.md} describes the files and the rounding. */
package dev.mme5.engine.quantize;
