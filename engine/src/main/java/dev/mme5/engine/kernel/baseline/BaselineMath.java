package dev.mme5.engine.kernel.baseline;

import dev.mme5.engine.kernel.rows.VectorMath;

/** The functions of {@link VectorMath} for one float: the same operations in the same order, so the same bits. */
public final class BaselineMath {
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN_2_HIGH = 0x1.62e400p-1f;
    private static final float LN_2_LOW = 0x1.7f7d1cp-20f;
    private static final float ROUNDER = 0x1.8p23f;
    private static final int ROUNDER_BITS = 0x4b400000;
    private static final int ONE_BITS = 0x3f800000;
    private static final int MANTISSA_BITS = 23;
    private static final float LOG_OF_SMALLEST = -0x1.5d589ep6f;

    private BaselineMath() {}

    /** e^x for x <= 0. */
    public static float expOfNegative(float x) {
        if (x < LOG_OF_SMALLEST) return 0;
        float shifted = Math.fma(x, LOG2_E, ROUNDER);
        float power = shifted - ROUNDER;
        float r = Math.fma(power, -LN_2_LOW, Math.fma(power, -LN_2_HIGH, x));
        float p = 0x1.6a4e74p-10f;
        p = Math.fma(p, r, 0x1.12398p-7f);
        p = Math.fma(p, r, 0x1.5558aep-5f);
        p = Math.fma(p, r, 0x1.555492p-3f);
        p = Math.fma(p, r, 0x1.fffffcp-2f);
        int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
        return (Math.fma(p * r, r, r) + 1f) * Float.intBitsToFloat((exponent << MANTISSA_BITS) + ONE_BITS);
    }

    /** x / (1 + e^-x). */
    public static float silu(float x) {
        float e = expOfNegative(-Math.abs(x));
        return x * (x < 0 ? e : 1f) / (e + 1f);
    }

    /** 0.5 x (1 + erf(x / √2)). */
    public static float gelu(float x) {
        return x * 0.5f * (erf(x * 0x1.6a09e6p-1f) + 1f);
    }

    public static float erf(float x) {
        float t = Math.abs(x);
        return t > 0.93f ? erfFarOut(t, x) : erfNearZero(x);
    }

    private static float erfNearZero(float x) {
        float s = x * x;
        float p = -0x1.386c0cp-11f;
        p = Math.fma(p, s, 0x1.46d838p-8f);
        p = Math.fma(p, s, -0x1.b67bcep-6f);
        p = Math.fma(p, s, 0x1.ce1984p-4f);
        p = Math.fma(p, s, -0x1.8126e2p-2f);
        p = Math.fma(p, s, 0x1.06eba6p-3f);
        return Math.fma(p, x, x);
    }

    private static float erfFarOut(float t, float x) {
        float q = 0x1.85835ap-17f;
        q = Math.fma(q, t, -0x1.567256p-12f);
        q = Math.fma(q, t, 0x1.df71p-9f);
        q = Math.fma(q, t, -0x1.85da18p-6f);
        q = Math.fma(q, t, 0x1.b34d3ap-4f);
        q = Math.fma(q, t, 0x1.452f8ap-1f);
        q = Math.fma(q, t, 0x1.077bd6p-3f);
        float magnitude = 1f - (t >= 4f ? 0f : expOfNegative(-Math.fma(q, t, t)));
        return x < 0 ? -magnitude : magnitude;
    }
}
