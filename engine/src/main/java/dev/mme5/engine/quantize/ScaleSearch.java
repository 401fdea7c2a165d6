package dev.mme5.engine.quantize;

import dev.mme5.weights.QuantizationScheme;
import java.util.Arrays;

/**
 * Finds the scales of many groups of weights at a time. For each of some candidates the weights are rounded; the scale that then
 * fits the integers best is Σ h w q / Σ h q², and it leaves the squared error Σ h w² - (Σ h w q)² / Σ h q², where h is the importance
 * of each weight. The candidate with the least error wins.
 *
 * <p>Groups lie side by side, so that the compiler vectorises the loops over them.
 */
final class ScaleSearch {
    /** Groups at a time: what the loops touch stays in a core's caches. */
    static final int LANES = 256;

    /** Codes that the largest weight of a group may take. Because -8 has no counterpart in four bits, the sign matters. */
    private static final float[] INT4_ENDS = {-8, 7, -7.5f, 6.5f, -8.5f, 7.5f, -7, 6, -6.5f, -9};

    private static final float[] INT8_ENDS = {127, 126, 124, 121};

    /** The end that plain rounding to the nearest takes. */
    private static final float INT4_PLAIN = 7;

    private static final float INT8_PLAIN = 127;

    /** 1.5 * 2^23: adding and subtracting it rounds to the nearest integer, ties to even. */
    private static final float ROUNDING = 0x1.8p23f;

    private final int group;
    private final float least;
    private final float most;
    private final float[] ends;
    private final float plainEnd;

    /** Weights and their importance, [group][LANES], filled by the caller. */
    final float[][] weights;

    final float[][] importance;

    /** Results: the best scale of each group, and the squared error that plain rounding would leave. */
    final float[] scales = new float[LANES];

    final float[] plainErrors = new float[LANES];

    private final float[] extremes = new float[LANES];
    private final float[] inverses = new float[LANES];
    private final float[] products = new float[LANES];
    private final float[] squares = new float[LANES];
    private final float[] gains = new float[LANES];
    private final float[] energies = new float[LANES];

    ScaleSearch(QuantizationScheme scheme) {
        group = scheme.group();
        least = scheme.minCode();
        most = scheme.maxCode();
        boolean four = scheme == QuantizationScheme.INT4;
        ends = four ? INT4_ENDS : INT8_ENDS;
        plainEnd = four ? INT4_PLAIN : INT8_PLAIN;
        weights = new float[group][LANES];
        importance = new float[group][LANES];
    }

    /** Searches for all groups. */
    void run() {
        Arrays.fill(gains, 0);
        Arrays.fill(scales, 0);
        findExtremes();
        for (float end : ends) {
            round(end);
            for (int lane = 0; lane < LANES; lane++) {
                float gain = squares[lane] > 0 ? products[lane] * products[lane] / squares[lane] : 0;
                if (gain > gains[lane]) {
                    gains[lane] = gain;
                    scales[lane] = products[lane] / squares[lane];
                }
                if (end != plainEnd) continue;
                float scale = extremes[lane] / end;
                plainErrors[lane] = Math.max(0, energies[lane] - 2 * scale * products[lane] + scale * scale * squares[lane]);
            }
        }
    }

    /** The weight of largest magnitude, with its sign, and Σ h w². */
    private void findExtremes() {
        Arrays.fill(extremes, 0);
        Arrays.fill(energies, 0);
        for (int k = 0; k < group; k++) {
            float[] w = weights[k];
            float[] h = importance[k];
            for (int lane = 0; lane < LANES; lane++) {
                energies[lane] += h[lane] * w[lane] * w[lane];
                if (Math.abs(w[lane]) > Math.abs(extremes[lane])) extremes[lane] = w[lane];
            }
        }
    }

    /** With the largest weight at {@code end}: Σ h w q and Σ h q². */
    private void round(float end) {
        for (int lane = 0; lane < LANES; lane++) inverses[lane] = extremes[lane] == 0 ? 0 : end / extremes[lane];
        Arrays.fill(products, 0);
        Arrays.fill(squares, 0);
        for (int k = 0; k < group; k++) add(weights[k], importance[k], inverses, products, squares, least, most);
    }

    private static void add(float[] w, float[] h, float[] inverses, float[] products, float[] squares, float least, float most) {
        for (int lane = 0; lane < LANES; lane++) {
            float code = Math.max(least, Math.min(most, w[lane] * inverses[lane] + ROUNDING - ROUNDING));
            float weighted = h[lane] * code;
            products[lane] += weighted * w[lane];
            squares[lane] += weighted * code;
        }
    }
}
