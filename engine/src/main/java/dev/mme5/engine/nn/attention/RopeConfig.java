package dev.mme5.engine.nn.attention;

import java.util.Optional;

/**
 * Rotary position embedding as the config describes it (reference section 6.3).
 *
 * @param theta base of the wavelengths
 * @param scaling the llama3 scaling; empty for none
 */
public record RopeConfig(double theta, Optional<Llama3Scaling> scaling) {
    /**
     * Slows down the frequencies whose wavelength is long against the original context.
     *
     * @param factor by which the slowest frequencies are divided
     * @param lowFrequencyFactor wavelengths over originalPositions / this are slow
     * @param highFrequencyFactor wavelengths under originalPositions / this are left alone
     * @param originalPositions context length before scaling
     */
    public record Llama3Scaling(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions) {}
}
