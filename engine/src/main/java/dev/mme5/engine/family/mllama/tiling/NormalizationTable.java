package dev.mme5.engine.family.mllama.tiling;

/**
 * The model's input for each of the 256 byte values of each colour: rescaled, then normalised. HF computes the
 * product in double and rounds it to float, then subtracts and divides in float (reference section 10.7).
 */
public final class NormalizationTable {
    private final float[][] values = new float[3][256];

    public NormalizationTable(MllamaImageProcessorConfig config) {
        for (int channel = 0; channel < 3; channel++) {
            float mean = config.mean()[channel];
            float std = config.std()[channel];
            for (int value = 0; value < 256; value++) {
                values[channel][value] = ((float) (value * config.rescaleFactor()) - mean) / std;
            }
        }
    }

    /** The 256 floats of a channel: 0 red, 1 green, 2 blue. Not to be written. */
    public float[] channel(int channel) {
        return values[channel];
    }
}
