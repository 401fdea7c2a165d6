package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedMatmulTest {
    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(2));
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 25};

    @AfterAll
    static void close() {
        VECTOR.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 128, 257})
    void agreesWithTheReferenceForEveryDepth(int depth) {
        assertAgreesForDepth(depth);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {127, 129, 255, 256, 288, 513, 1280})
    void agreesWithTheReferenceForMoreDepths(int depth) {
        assertAgreesForDepth(depth);
    }

    private static void assertAgreesForDepth(int depth) {
        for (int tokens : TOKENS) {
            for (QuantizationScheme scheme : Samples.INTEGERS) assertAgrees(scheme, tokens, depth, 69);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 191, 193, 400})
    void agreesWithTheReferenceForEveryNumberOfOutputs(int outputs) {
        for (int tokens : TOKENS) {
            for (QuantizationScheme scheme : Samples.INTEGERS) assertAgrees(scheme, tokens, 83, outputs);
        }
    }

    @ParameterizedTest
    @CsvSource({"517, 40, 70", "1537, 32, 33"})
    void agreesWithTheReferenceForManyTokens(int tokens, int depth, int outputs) {
        for (QuantizationScheme scheme : Samples.INTEGERS) assertAgrees(scheme, tokens, depth, outputs);
    }

    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"1100, 300, 50", "70, 2500, 400"})
    void agreesWithTheReferenceForManyTokensOfGreatDepth(int tokens, int depth, int outputs) {
        for (QuantizationScheme scheme : Samples.INTEGERS) assertAgrees(scheme, tokens, depth, outputs);
    }

    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void matmulOverZeroColumnsIsZero(QuantizationScheme scheme) {
        for (int tokens : new int[] {1, 2, 16, 25, 40, 65}) {
            for (int outputs : new int[] {1, 16, 69, 400}) {
                Samples samples = new Samples(31L * tokens + outputs);
                Matrix x = samples.matrix(tokens, 0);
                QuantizedTensor weight = samples.quantized(scheme, outputs, 0);
                for (Kernels kernels : new Kernels[] {REFERENCE, VECTOR}) {
                    VECTOR.matmul(samples.matrix(tokens, 96), samples.quantized(scheme, outputs, 96), Matrix.zeros(tokens, outputs));
                    Matrix out = samples.matrix(tokens, outputs);

                    kernels.matmul(x, weight, out);

                    assertArrayEquals(new float[tokens * outputs], out.toArray(), kernels.description() + ", " + tokens + " tokens");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void matmulWithoutTokensOrOutputsWritesNothing(QuantizationScheme scheme) {
        for (int depth : new int[] {0, 1, 83}) {
            assertAgrees(scheme, 0, depth, 69);
            for (int tokens : TOKENS) assertAgrees(scheme, tokens, depth, 0);
        }
    }

    /** |computed - exact| <= (n + 1) 2^-24 Σ |a b|; with INT4, sums within a block are exact and n counts blocks. */
    private static void assertAgrees(QuantizationScheme scheme, int tokens, int depth, int outputs) {
        Samples samples = new Samples(31L * tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        QuantizedTensor weight = samples.quantized(scheme, outputs, depth);
        Matrix expected = Matrix.zeros(tokens, outputs);
        Matrix actual = samples.matrix(tokens, outputs);
        float[] original = actual.data().clone();

        REFERENCE.matmul(x, weight, expected);
        VECTOR.matmul(x, weight, actual);

        int roundings = scheme == QuantizationScheme.INT8 ? depth : weight.groups();
        float[] row = new float[depth];
        for (int output = 0; output < outputs; output++) {
            weight.widen(output, row, 0);
            for (int token = 0; token < tokens; token++) {
                double magnitude = 0;
                for (int k = 0; k < depth; k++) magnitude += Math.abs((double) x.at(token, k) * row[k]);
                // A code of x may be half a step above x, and the products of scales are rounded.
                double bound = (roundings + 2) * 0x1p-24 * magnitude * (scheme == QuantizationScheme.INT4 ? 2 : 1);
                assertEquals(expected.at(token, output), actual.at(token, output), bound,
                        scheme + ", token " + token + ", output " + output);
            }
        }
        for (int i = 0; i < original.length; i++) {
            boolean inside = i >= actual.offset() && i < actual.offset() + tokens * outputs;
            if (!inside) assertEquals(original[i], actual.data()[i], "written outside of the result, at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 19})
    void everyInt8OutputIsOneFmaChain(int tokens) {
        Samples samples = new Samples(7);
        Matrix x = samples.matrix(tokens, 777);
        QuantizedTensor weight = samples.quantized(QuantizationScheme.INT8, 75, 777);
        Matrix out = Matrix.zeros(tokens, 75);

        VECTOR.matmul(x, weight, out);

        float[] row = new float[777];
        for (int output = 0; output < 75; output++) {
            weight.widen(output, row, 0);
            for (int token = 0; token < tokens; token++) {
                float sum = 0;
                for (int k = 0; k < row.length; k++) sum = Math.fma(x.at(token, k), row[k], sum);
                assertEquals(sum, out.at(token, output));
            }
        }
    }

    /** The canonical order of INT4: exact sums over 32, each added by one fma with the product of two scales, in block order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 19})
    void everyInt4OutputIsOneFmaChainOverBlocks(int tokens) {
        Samples samples = new Samples(8);
        Matrix x = samples.matrix(tokens, 777);
        QuantizedTensor weight = samples.quantized(QuantizationScheme.INT4, 75, 777);
        Matrix out = Matrix.zeros(tokens, 75);

        VECTOR.matmul(x, weight, out);

        for (int token = 0; token < tokens; token++) {
            for (int output = 0; output < 75; output++) {
                float sum = 0;
                for (int block = 0; block < weight.groups(); block++) {
                    int to = Math.min(777, 32 * (block + 1));
                    float max = 0;
                    for (int k = 32 * block; k < to; k++) max = Math.max(max, Math.abs(x.at(token, k)));
                    int exact = 0;
                    for (int k = 32 * block; k < to; k++) exact += weight.code(output, k) * (int) Math.rint(x.at(token, k) * (127 / max));
                    sum = Math.fma(exact, weight.scale(output, block) * (max / 127), sum);
                }
                assertEquals(sum, out.at(token, output), "token " + token + ", output " + output);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void aTokenHasTheSameBitsAloneAndInABatch(QuantizationScheme scheme) {
        Samples samples = new Samples(5);
        Matrix x = samples.matrix(820, 300);
        QuantizedTensor weight = samples.quantized(scheme, 70, 300);
        Matrix all = Matrix.zeros(820, 70);
        VECTOR.matmul(x, weight, all);

        for (int tokens : new int[] {1, 2, 3, 4, 7, 12, 13, 33, 64, 129}) {
            for (int from = 0; from + tokens <= 820; from += 151) {
                Matrix some = Matrix.zeros(tokens, 70);
                VECTOR.matmul(x.rows(from, from + tokens), weight, some);
                assertArrayEquals(all.rows(from, from + tokens).toArray(), some.data(), tokens + " tokens from " + from);
            }
        }
    }

    /** All codes the same, or alternating, with the largest activations of one sign, or of both. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0xff, 0x0f, 0xf0})
    void theLargestSumsOfABlockFit(int codes) {
        QuantizedTensor weight = new Samples(3).quantized(QuantizationScheme.INT4, 70, 40);
        weight.codes().bytes().fill((byte) codes);
        for (int tokens : new int[] {1, 3, 4, 13}) {
            Matrix x = Matrix.zeros(tokens, 40);
            for (int token = 0; token < tokens; token++) {
                for (int k = 0; k < 40; k++) x.set(token, k, (token >> k % 2 & 1) == 0 ? 127 : -127);
            }
            for (QuantizedTensor form : List.of(weight, Samples.inPanels(weight))) {
                Matrix out = Matrix.zeros(tokens, 70);
                VECTOR.matmul(x, form, out);
                for (int token = 0; token < tokens; token++) {
                    for (int output = 0; output < 70; output++) {
                        assertEquals(exact(x, token, weight, output), out.at(token, output), token + " of " + tokens);
                    }
                }
            }
        }
    }

    /** Of activations that are their own codes. */
    private static float exact(Matrix x, int token, QuantizedTensor weight, int output) {
        float result = 0;
        for (int block = 0; 32 * block < x.cols(); block++) {
            int sum = 0;
            for (int k = 32 * block; k < Math.min(x.cols(), 32 * block + 32); k++) sum += weight.code(output, k) * (int) x.at(token, k);
            result = Math.fma(sum, weight.scale(output, block), result);
        }
        return result;
    }

    /** Zeros, values too small for a scale, and values that are not finite. */
    @Test
    void blocksWithoutAScaleAreZeroAndNonFiniteOnesStayNonFinite() {
        QuantizedTensor weight = new Samples(4).quantized(QuantizationScheme.INT4, 5, 64);
        Matrix x = Matrix.zeros(4, 64);
        x.set(1, 3, 1e-31f);
        x.set(2, 40, Float.NaN);
        x.set(3, 40, Float.POSITIVE_INFINITY);
        Matrix out = Matrix.zeros(4, 5);

        VECTOR.matmul(x, weight, out);

        for (int output = 0; output < 5; output++) {
            assertEquals(0, out.at(0, output));
            assertEquals(0, out.at(1, output));
            assertFalse(Float.isFinite(out.at(2, output)));
            assertFalse(Float.isFinite(out.at(3, output)));
        }
    }

    @ParameterizedTest
    @EnumSource(value = QuantizationScheme.class, names = {"INT8", "INT4"})
    void gatherWidensRowsOfATable(QuantizationScheme scheme) {
        QuantizedTensor table = new Samples(6).quantized(scheme, 9, 100);
        Matrix reference = Matrix.zeros(2, 100);
        Matrix vector = Matrix.zeros(2, 100);
        float[] expected = new float[200];
        table.widen(8, expected, 0);
        table.widen(3, expected, 100);

        REFERENCE.gather(table, new int[] {8, 3}, reference);
        VECTOR.gather(table, new int[] {8, 3}, vector);

        assertArrayEquals(expected, reference.data());
        assertArrayEquals(expected, vector.data());
    }
}
