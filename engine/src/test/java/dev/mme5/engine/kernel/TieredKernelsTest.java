package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineMath;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.rows.VectorMath;
import dev.mme5.engine.kernel.simd.Species;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.util.Map;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Switching from the baseline to the vector kernels does not change the bits. */
class TieredKernelsTest {
    private static final long NEVER = Long.MAX_VALUE;

    private static Map<String, String> vectorDigests;

    @BeforeAll
    static void digestVectorKernels() {
        try (Kernels kernels = new VectorKernels(new WorkerPool(2))) {
            vectorDigests = AllKernels.digests(kernels);
        }
    }

    @Test
    void switchingInTheMiddleGivesTheSameBits() {
        assertSameBits(NEVER, 20_000_000);
    }

    /** Baseline only; baseline for small operations. */
    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({NEVER + ", " + NEVER, "1000000, " + NEVER})
    void baselineAndVectorKernelsGiveTheSameBits(long largeOperation, long maxBaselineWork) {
        assertSameBits(largeOperation, maxBaselineWork);
    }

    private static void assertSameBits(long largeOperation, long maxBaselineWork) {
        try (Kernels kernels = new TieredKernels(new WorkerPool(2), largeOperation, maxBaselineWork, maxBaselineWork)) {
            assertEquals(vectorDigests, AllKernels.digests(kernels));
        }
    }

    @Test
    void withoutVectorsTheBitsAreTheSame() {
        try (Kernels kernels = TieredKernels.withoutVectors(new WorkerPool(2))) {
            assertEquals(vectorDigests, AllKernels.digests(kernels));
            assertEquals("plain", kernels.description());
        }
    }

    @Test
    void functionsOfOneFloatHaveTheBitsOfALane() {
        for (int bits = 0; bits >= 0 && bits <= 0x7fc00000; bits += 4999) {
            float x = Float.intBitsToFloat(bits);
            assertSameBits(VectorMath::expOfNegative, -x, BaselineMath.expOfNegative(-x));
            for (float either : new float[] {x, -x}) {
                assertSameBits(VectorMath::erf, either, BaselineMath.erf(either));
                assertSameBits(VectorMath::gelu, either, BaselineMath.gelu(either));
                assertSameBits(VectorMath::silu, either, BaselineMath.silu(either));
            }
        }
    }

    private static void assertSameBits(UnaryOperator<FloatVector> function, float x, float actual) {
        float expected = function.apply(FloatVector.broadcast(Species.FLOAT, x)).lane(0);
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual), () -> "for " + x);
    }

    /** Vector kernels need the pool, which is closed here, so that they throw. */
    @Test
    void vectorKernelsComputeLargeOperationsAndAllAfterTheBaselineWork() {
        WorkerPool pool = new WorkerPool(1);
        pool.close();
        MappedTensor weight = new Samples(1).weight(DType.F32, 10, 10);
        Kernels kernels = new TieredKernels(pool, 500, 800, NEVER);

        assertThrows(IllegalStateException.class, () -> kernels.matmul(Matrix.zeros(5, 10), weight, Matrix.zeros(5, 10)));
        kernels.matmul(Matrix.zeros(4, 10), weight, Matrix.zeros(4, 10));
        kernels.gelu(Matrix.zeros(5, 10));
        assertThrows(IllegalStateException.class, () -> kernels.gelu(Matrix.zeros(1, 1)));
        assertThrows(IllegalStateException.class, () -> kernels.matmul(Matrix.zeros(1, 10), weight, Matrix.zeros(1, 10)));
    }

    @Test
    void withoutALargeOperationTheBaselineWorksLonger() {
        WorkerPool pool = new WorkerPool(1);
        pool.close();
        MappedTensor weight = new Samples(1).weight(DType.F32, 10, 10);
        Kernels kernels = new TieredKernels(pool, 500, 800, 1600);

        for (int i = 0; i < 4; i++) kernels.matmul(Matrix.zeros(4, 10), weight, Matrix.zeros(4, 10));

        assertThrows(IllegalStateException.class, () -> kernels.matmul(Matrix.zeros(4, 10), weight, Matrix.zeros(4, 10)));
    }
}
