package dev.mme5.engine.kernel.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.kernel.simd.Species;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors in ulps, over a dense sweep of the floats that occur. */
class VectorMathTest {
    private static float apply(UnaryOperator<FloatVector> function, float x) {
        return function.apply(FloatVector.broadcast(Species.FLOAT, x)).lane(0);
    }

    /** The largest error over a sweep, in ulps of the exact value, where an ulp is at least {@code minUlp}. */
    private static double worst(UnaryOperator<FloatVector> function, DoubleUnaryOperator exact, double from, double to,
            double minUlp) {
        int points = 200_000;
        float[] x = new float[Species.COUNT];
        float[] y = new float[Species.COUNT];
        double worst = 0;
        for (int i = 0; i < points; i += x.length) {
            for (int lane = 0; lane < x.length; lane++) x[lane] = (float) (from + (to - from) * (i + lane) / points);
            function.apply(FloatVector.fromArray(Species.FLOAT, x, 0)).intoArray(y, 0);
            for (int lane = 0; lane < x.length; lane++) {
                double expected = exact.applyAsDouble(x[lane]);
                double ulp = Math.max(Math.ulp((float) expected), minUlp);
                worst = Math.max(worst, Math.abs(y[lane] - expected) / ulp);
            }
        }
        return worst;
    }

    @Test
    void expIsGoodToOneUlp() {
        assertTrue(worst(VectorMath::expOfNegative, StrictMath::exp, -87.33, 0, 0) < 1.1);
        assertTrue(worst(VectorMath::expOfNegative, StrictMath::exp, -1, 0, 0) < 1.1);
    }

    @Test
    void erfIsGoodToTwoUlps() {
        assertTrue(worst(VectorMath::erf, ReferenceKernels::erf, -5, 5, 0) < 2);
        assertTrue(worst(VectorMath::erf, ReferenceKernels::erf, -0.01, 0.01, 0) < 2);
    }

    /** For negative x, 1 + erf cancels, in the reference too: there the error is relative to 1. */
    @Test
    void geluIsGoodToAFewUlps() {
        DoubleUnaryOperator gelu = x -> 0.5 * x * (1 + ReferenceKernels.erf(x / Math.sqrt(2)));
        assertTrue(worst(VectorMath::gelu, gelu, 0, 20, 0) < 3);
        assertTrue(worst(VectorMath::gelu, gelu, -8, 0, 0x1p-23) < 3);
    }

    @Test
    void siluIsGoodToAFewUlps() {
        DoubleUnaryOperator silu = x -> x / (1 + StrictMath.exp(-x));
        assertTrue(worst(VectorMath::silu, silu, -86, 100, 0) < 4);
    }

    @Test
    void referenceErfIsGoodToDoublePrecision() {
        // Abramowitz and Stegun, table 7.1, and a few more digits from 40-digit arithmetic.
        assertEquals(0.5204998778130465, ReferenceKernels.erf(0.5), 2e-16);
        assertEquals(0.8427007929497149, ReferenceKernels.erf(1), 2e-16);
        assertEquals(-0.9953222650189527, ReferenceKernels.erf(-2), 3e-16);
        assertEquals(1, ReferenceKernels.erf(7), 0);
        assertEquals(0, ReferenceKernels.erf(0), 0);
        assertEquals(Double.NaN, ReferenceKernels.erf(Double.NaN));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-0.0, 1", "-100, 0", "-88, 0", "-3.4e38, 0", "-Infinity, 0", "NaN, NaN"})
    void expAtTheEnds(float x, float expected) {
        assertEquals(expected, apply(VectorMath::expOfNegative, x));
    }

    @ParameterizedTest
    @CsvSource({"Infinity, 1", "-Infinity, -1", "3e38, 1", "-1e10, -1", "0, 0", "NaN, NaN", "4.5, 1", "-4.5, -1"})
    void erfAtTheEnds(float x, float expected) {
        assertEquals(expected, apply(VectorMath::erf, x));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "3e38, 3e38", "-1000, -0.0", "Infinity, Infinity", "NaN, NaN", "0, 0"})
    void siluDoesNotOverflow(float x, float expected) {
        assertEquals(expected, apply(VectorMath::silu, x));
    }
}
