package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in panels give the bits of the same weights in rows. */
class PanelMatmulTest {
    private static final Kernels ONE = new VectorKernels(new WorkerPool(1));
    private static final Kernels TWO = new VectorKernels(new WorkerPool(2));
    private static final Kernels THREE = new VectorKernels(new WorkerPool(3));
    private static final Kernels BASELINE = new BaselineKernels();

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
        THREE.close();
    }

    /** Up to two tiles of tokens, with every number of tokens left over. */
    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void everyNumberOfTokens(DType dtype) {
        for (int tokens : IntStream.rangeClosed(0, 26).toArray()) {
            assertSameBits(dtype, tokens, 300, 75);
        }
    }

    @Tag("thorough")
    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void moreNumbersOfTokens(DType dtype) {
        for (int tokens : IntStream.concat(IntStream.rangeClosed(27, 40), IntStream.of(128, 253, 512, 800)).toArray()) {
            assertSameBits(dtype, tokens, 300, 75);
        }
    }

    /** With 520 the last of two blocks is short, and what a tile reads ahead for a column is shorter than an integer. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 15, 16, 17, 31, 33, 256, 257, 513, 520, 2060})
    void everyDepth(int depth) {
        assertSameBitsOfDepth(depth);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {255, 511, 600, 1040, 1300})
    void moreDepths(int depth) {
        assertSameBitsOfDepth(depth);
    }

    private static void assertSameBitsOfDepth(int depth) {
        for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 24, 25}) {
            assertSameBits(DType.BF16, tokens, depth, 41);
            assertSameBits(DType.F32, tokens, depth, 41);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 128})
    void everyNumberOfOutputs(int outputs) {
        assertSameBitsOfOutputs(outputs);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {300, 1000})
    void moreNumbersOfOutputs(int outputs) {
        assertSameBitsOfOutputs(outputs);
    }

    private static void assertSameBitsOfOutputs(int outputs) {
        for (int tokens : new int[] {1, 5, 12, 13, 30}) {
            assertSameBits(DType.BF16, tokens, 70, outputs);
            assertSameBits(DType.F32, tokens, 70, outputs);
        }
    }

    /** Columns and tokens so many that tasks take several panels, several token blocks, and x is cut into parts. */
    @ParameterizedTest
    @CsvSource({"300, 1800, 600", "40, 7000, 70"})
    void manyTokensAndColumns(int tokens, int depth, int outputs) {
        assertSameBits(DType.BF16, tokens, depth, outputs);
    }

    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"512, 1300, 700", "900, 6000, 40"})
    void moreTokensAndColumns(int tokens, int depth, int outputs) {
        assertSameBits(DType.BF16, tokens, depth, outputs);
    }

    @ParameterizedTest
    @CsvSource({"INT8", "INT4"})
    void integersHaveTheBitsOfIntegersInRows(QuantizationScheme scheme) {
        for (int tokens : IntStream.concat(IntStream.rangeClosed(1, 13), IntStream.of(25, 128)).toArray()) {
            for (int depth : new int[] {1, 33, 64, 130, 601}) assertSameBits(scheme, tokens, depth, 75);
        }
        for (int tokens : new int[] {1, 2, 3, 12}) assertSameBits(scheme, tokens, 1300, 75); // 8 bits: two blocks of one group of tokens
        assertSameBits(scheme, 3, 0, 40);
        assertSameBits(scheme, 0, 64, 40);
        assertSameBits(scheme, 20, 64, 0);
    }

    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"INT8", "INT4"})
    void integersOfEveryShapeHaveTheBitsOfIntegersInRows(QuantizationScheme scheme) {
        assertSameBits(scheme, 530, 1300, 300);
        for (int tokens : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 20, 25, 40, 48, 49, 128, 300}) {
            for (int depth : new int[] {1, 2, 3, 31, 32, 33, 63, 64, 65, 130, 257, 320, 601}) {
                for (int outputs : new int[] {1, 32, 75}) assertSameBits(scheme, tokens, depth, outputs);
            }
        }
    }

    /** Sums of a block as large as they can be, blocks of zeros, and activations that are not finite. */
    @ParameterizedTest
    @ValueSource(bytes = {0x00, (byte) 0xff, 0x0f})
    void extremeIntegersHaveTheBitsOfIntegersInRows(byte codes) {
        for (int depth : new int[] {300, 320}) {
            for (int tokens : new int[] {1, 2, 5, 6, 8, 9, 11}) assertExtremeIntegersHaveSameBits(codes, tokens, depth);
        }
    }

    private static void assertExtremeIntegersHaveSameBits(byte codes, int tokens, int depth) {
        QuantizedTensor weight = new Samples(4).quantized(QuantizationScheme.INT4, 75, depth);
        weight.codes().bytes().fill(codes);
        QuantizedTensor panels = Samples.inPanels(weight);
        Matrix x = Matrix.zeros(tokens, depth);
        float[] extremes = {127, -127, 1e-31f, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN, -0f};
        for (int token = 0; token < tokens; token++) {
            int kind = token % 8;
            for (int k = 0; k < depth; k++) {
                float value = kind < 7 ? extremes[kind] : k == 40 ? Float.NEGATIVE_INFINITY : k < 160 ? k : 0;
                x.data()[token * depth + k] = value * (kind == 1 && k % 2 == 1 ? -1 : 1);
            }
        }
        Matrix expected = Matrix.zeros(tokens, 75);
        Matrix actual = Matrix.zeros(tokens, 75);
        TWO.matmul(x, weight, expected);

        TWO.matmul(x, panels, actual);

        assertArrayEquals(expected.data(), actual.data(), x + " x " + panels);
    }

    private static void assertSameBits(QuantizationScheme scheme, int tokens, int depth, int outputs) {
        Samples samples = new Samples(31L * tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        QuantizedTensor weight = samples.quantized(scheme, outputs, depth);
        QuantizedTensor panels = Samples.inPanels(weight);
        float[] row = new float[depth];
        float[] expectedRow = new float[depth];
        for (int i = 0; i < outputs; i += 13) {
            weight.widen(i, expectedRow, 0);
            panels.widen(i, row, 0);
            assertArrayEquals(expectedRow, row);
        }
        Matrix expected = Matrix.zeros(tokens, outputs);
        TWO.matmul(x, weight, expected);
        for (Kernels kernels : new Kernels[] {ONE, THREE}) {
            Matrix actual = new Samples(9).matrix(tokens, outputs);
            float[] original = actual.data().clone();

            kernels.matmul(x, panels, actual);

            assertArrayEquals(expected.data(), actual.toArray(), x + " x " + panels);
            for (int i = 0; i < original.length; i++) {
                boolean inside = i >= actual.offset() && i < actual.offset() + tokens * outputs;
                if (!inside) assertEquals(original[i], actual.data()[i], "written outside of the result, at " + i);
            }
        }
    }

    @Test
    void aNumberThatIsNotFiniteStaysWhereItIs() {
        Samples samples = new Samples(3);
        float[] values = samples.floats(40 * 50);
        values[7 * 50 + 3] = Float.POSITIVE_INFINITY;
        values[39 * 50 + 4] = Float.NaN;
        assertSameBits(MappedTensor.ofFloats("weight", DType.BF16, values, 40, 50), samples.matrix(5, 50));
    }

    private static void assertSameBits(DType dtype, int tokens, int depth, int outputs) {
        Samples samples = new Samples(31L * tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        assertSameBits(samples.weight(dtype, outputs, depth), x);
    }

    private static void assertSameBits(MappedTensor weight, Matrix x) {
        Matrix expected = Matrix.zeros(x.rows(), weight.rows());
        TWO.matmul(x, weight, expected);
        try (Arena arena = Arena.ofShared()) {
            PanelTensor panels = PanelTensor.copyOf(weight, arena);
            String what = x + " x " + panels;
            for (Kernels kernels : new Kernels[] {ONE, TWO, THREE, BASELINE}) {
                Matrix actual = new Samples(9).matrix(x.rows(), weight.rows());
                float[] original = actual.data().clone();

                kernels.matmul(x, panels, actual);

                assertArrayEquals(expected.data(), actual.toArray(), what);
                for (int i = 0; i < original.length; i++) {
                    boolean inside = i >= actual.offset() && i < actual.offset() + x.rows() * weight.rows();
                    if (!inside) assertEquals(original[i], actual.data()[i], "written outside of the result, at " + i);
                }
            }
        }
    }

    @Test
    void theReferenceReadsPanelsToo() {
        Samples samples = new Samples(11);
        MappedTensor weight = samples.weight(DType.BF16, 37, 20);
        Matrix x = samples.matrix(3, 20);
        Matrix expected = Matrix.zeros(3, 37);
        Matrix actual = Matrix.zeros(3, 37);
        new ReferenceKernels().matmul(x, weight, expected);

        new ReferenceKernels().matmul(x, PanelTensor.copyOf(weight, Arena.ofAuto()), actual);

        assertArrayEquals(expected.data(), actual.data());
    }
}
