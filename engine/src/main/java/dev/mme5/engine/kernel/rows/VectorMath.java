package dev.mme5.engine.kernel.rows;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NEG;

import dev.mme5.engine.kernel.simd.Species;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * exp, erf, SiLU and GELU, as polynomials by fused multiply-adds in a fixed order. Only additions, multiplications, fma, divisions
 * and bit operations are used. All of them are exactly specified, so a lane has the same bits at every vector width and on every machine.
 * Coefficients are minimax fits of the relative error, rounded to float from the lowest order up, with the rest fitted again each time.
 */
public final class VectorMath {
    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN_2_HIGH = 0x1.62e400p-1f; // 15 bits: its product with a small integer is exact
    private static final float LN_2_LOW = 0x1.7f7d1cp-20f;

    /** Adding it rounds a float below 2²² to an integer, which is then in the low bits of the sum. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int ROUNDER_BITS = 0x4b400000;
    private static final int ONE_BITS = 0x3f800000;
    private static final int MANTISSA_BITS = 23;

    /** Below this, e^x is less than the smallest normal float. */
    private static final float LOG_OF_SMALLEST = -0x1.5d589ep6f;

    private VectorMath() {}

    /**
     * e^x for x <= 0, within 1 ulp; 0 where e^x is less than the smallest normal float; exactly 1 for x = 0. NaN gives NaN.
     */
    public static FloatVector expOfNegative(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(Species.FLOAT, LOG2_E), FloatVector.broadcast(Species.FLOAT, ROUNDER));
        FloatVector power = shifted.sub(ROUNDER);
        FloatVector r = power.fma(FloatVector.broadcast(Species.FLOAT, -LN_2_HIGH), x);
        r = power.fma(FloatVector.broadcast(Species.FLOAT, -LN_2_LOW), r);
        FloatVector p = FloatVector.broadcast(Species.FLOAT, 0x1.6a4e74p-10f);
        p = p.fma(r, FloatVector.broadcast(Species.FLOAT, 0x1.12398p-7f));
        p = p.fma(r, FloatVector.broadcast(Species.FLOAT, 0x1.5558aep-5f));
        p = p.fma(r, FloatVector.broadcast(Species.FLOAT, 0x1.555492p-3f));
        p = p.fma(r, FloatVector.broadcast(Species.FLOAT, 0x1.fffffcp-2f));
        FloatVector result = p.mul(r).fma(r, r).add(1f);
        IntVector exponent = ((IntVector) shifted.reinterpretShape(Species.INT, 0)).sub(ROUNDER_BITS);
        result = result.mul((FloatVector) exponent.lanewise(LSHL, MANTISSA_BITS).add(ONE_BITS).reinterpretShape(Species.FLOAT, 0));
        return result.blend(0f, x.compare(LT, LOG_OF_SMALLEST));
    }

    /** x / (1 + e^-x), computed from e = e^-|x| so that nothing overflows: x · 1 / (1 + e) or x · e / (1 + e). */
    public static FloatVector silu(FloatVector x) {
        FloatVector e = expOfNegative(negativeAbs(x));
        FloatVector numerator = FloatVector.broadcast(Species.FLOAT, 1f).blend(e, x.compare(LT, 0f));
        return x.mul(numerator).div(e.add(1f));
    }

    /** 0.5 x (1 + erf(x / √2)). */
    public static FloatVector gelu(FloatVector x) {
        FloatVector erf = erf(x.mul(0x1.6a09e6p-1f));
        return x.mul(0.5f).mul(erf.add(1f));
    }

    /** The error function, within 2 ulp. */
    public static FloatVector erf(FloatVector x) {
        FloatVector t = x.abs();
        return erfNearZero(x).blend(erfFarOut(t, x), t.compare(GT, 0.93f));
    }

    /** x + x · P(x²), for |x| <= 0.93. */
    private static FloatVector erfNearZero(FloatVector x) {
        FloatVector s = x.mul(x);
        FloatVector p = FloatVector.broadcast(Species.FLOAT, -0x1.386c0cp-11f);
        p = p.fma(s, FloatVector.broadcast(Species.FLOAT, 0x1.46d838p-8f));
        p = p.fma(s, FloatVector.broadcast(Species.FLOAT, -0x1.b67bcep-6f));
        p = p.fma(s, FloatVector.broadcast(Species.FLOAT, 0x1.ce1984p-4f));
        p = p.fma(s, FloatVector.broadcast(Species.FLOAT, -0x1.8126e2p-2f));
        p = p.fma(s, FloatVector.broadcast(Species.FLOAT, 0x1.06eba6p-3f));
        return p.fma(x, x);
    }

    /** 1 - e^-(t + t · Q(t)) with the sign of x, for t = |x| > 0.93; 1 beyond 4. */
    private static FloatVector erfFarOut(FloatVector t, FloatVector x) {
        FloatVector q = FloatVector.broadcast(Species.FLOAT, 0x1.85835ap-17f);
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, -0x1.567256p-12f));
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, 0x1.df71p-9f));
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, -0x1.85da18p-6f));
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, 0x1.b34d3ap-4f));
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, 0x1.452f8ap-1f));
        q = q.fma(t, FloatVector.broadcast(Species.FLOAT, 0x1.077bd6p-3f));
        FloatVector complement = expOfNegative(q.fma(t, t).lanewise(NEG)).blend(0f, t.compare(GE, 4f));
        FloatVector magnitude = FloatVector.broadcast(Species.FLOAT, 1f).sub(complement);
        return magnitude.blend(magnitude.lanewise(NEG), x.compare(LT, 0f));
    }

    private static FloatVector negativeAbs(FloatVector x) {
        return x.abs().lanewise(NEG);
    }
}
