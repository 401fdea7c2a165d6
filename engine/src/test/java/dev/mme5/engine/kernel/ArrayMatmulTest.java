package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.pool.ArrayAlignment;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Panels in arrays, with bias and activation, give the bits of the same weights in rows and of bias and activation after them. */
class ArrayMatmulTest {
    private static final Kernels ONE = new VectorKernels(new WorkerPool(1));
    private static final Kernels TWO = new VectorKernels(new WorkerPool(2));
    private static final Kernels THREE = new VectorKernels(new WorkerPool(3));

    @AfterAll
    static void close() {
        ONE.close();
        TWO.close();
        THREE.close();
    }

    @Test
    void everyNumberOfTokens() {
        for (int tokens : IntStream.concat(IntStream.rangeClosed(0, 14), IntStream.of(24, 25, 37)).toArray()) {
            assertSameBits(tokens, 300, 75);
        }
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18, 19, 20, 21, 22, 23, 26, 48, 49, 60, 128, 800})
    void moreNumbersOfTokens(int tokens) {
        assertSameBits(tokens, 300, 75);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 15, 16, 17, 33, 256, 257, 513})
    void everyDepth(int depth) {
        assertSameBitsOfDepth(depth);
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {31, 255, 384, 385, 511, 600, 1040, 1536, 2049})
    void moreDepths(int depth) {
        assertSameBitsOfDepth(depth);
    }

    private static void assertSameBitsOfDepth(int depth) {
        for (int tokens : new int[] {1, 2, 7, 12, 13, 16, 17, 20, 24, 25, 49}) assertSameBits(tokens, depth, 41);
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
        for (int tokens : new int[] {1, 5, 12, 13, 30, 61}) assertSameBits(tokens, 70, outputs);
    }

    /** Columns and tokens so many that tasks take several panels and x is cut into parts. */
    @ParameterizedTest
    @CsvSource({"770, 1600, 40", "40, 7000, 70"})
    void manyTokensAndColumns(int tokens, int depth, int outputs) {
        assertSameBits(tokens, depth, outputs);
    }

    @Tag("thorough")
    @Test
    void moreTokensAndColumns() {
        assertSameBits(300, 900, 600);
    }

    /** Both products of an MLP in one task, and one after the other where tokens are few; so wide that 40 are too many. */
    @ParameterizedTest
    @CsvSource({
        "0, 64, 96", "1, 65, 130", "5, 65, 130", "13, 65, 130", "20, 64, 96", "20, 384, 1536", "30, 30, 1", "47, 64, 96", "48, 64, 96",
        "96, 64, 96", "150, 65, 130", "40, 1, 131072", "100, 33, 999", "145, 384, 1536", "200, 30, 1",
        "170, 3000, 70"})
    void mlp(int tokens, int inputs, int width) {
        Samples samples = new Samples(tokens);
        MappedTensor up = samples.weight(DType.F32, width, inputs);
        MappedTensor down = samples.weight(DType.F32, inputs, width);
        float[] upBias = samples.floats(width);
        float[] downBias = samples.floats(inputs);
        Matrix x = samples.matrix(tokens, inputs);
        Matrix between = Matrix.zeros(tokens, width);
        Matrix expected = Matrix.zeros(tokens, inputs);
        TWO.project(x, List.of(new Projection(up, upBias, true)), List.of(between));
        TWO.project(between, List.of(new Projection(down, downBias, false)), List.of(expected));

        Projection first = new Projection(PanelTensor.copyToArray(up), upBias, true);
        Projection second = new Projection(PanelTensor.copyToArray(down), downBias, false);
        for (Kernels kernels : new Kernels[] {ONE, TWO, THREE}) {
            Matrix out = new Matrix(x.toArray(), 0, tokens, inputs);
            kernels.mlp(out, first, second, Matrix.zeros(32, width), out);
            assertArrayEquals(expected.data(), out.data());
        }
    }

    /** With bias and without, with GELU and without; and all of these in one region. Their weights lie in one array. */
    private static void assertSameBits(int tokens, int depth, int outputs) {
        Samples samples = new Samples(31L * tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        List<Projection> projections = new ArrayList<>();
        List<Matrix> expected = new ArrayList<>();
        int floats = Math.toIntExact(PanelTensor.shape(outputs, depth).elements());
        float[] array = new float[ArrayAlignment.FLOATS + 4 * floats];
        for (int i = 0; i < 4; i++) {
            MappedTensor weight = samples.weight(DType.F32, outputs, depth);
            float[] bias = i % 2 == 0 ? null : samples.floats(outputs);
            Matrix out = Matrix.zeros(tokens, outputs);
            TWO.matmul(x, weight, out);
            if (bias != null) TWO.addBias(out, bias);
            if (i >= 2) TWO.gelu(out);
            expected.add(out);
            PanelTensor panels = PanelTensor.copyToArray(weight, array, ArrayAlignment.FLOATS + i * floats);
            projections.add(new Projection(panels, bias, i >= 2));
        }
        for (Kernels kernels : new Kernels[] {ONE, TWO, THREE}) {
            for (int i = 0; i < 4; i++) assertSameBits(kernels, x, projections.subList(i, i + 1), expected.subList(i, i + 1));
            assertSameBits(kernels, x, projections, expected);
        }
        Matrix alone = Matrix.zeros(tokens, outputs);
        THREE.matmul(x, projections.getFirst().weight(), alone);
        assertArrayEquals(expected.getFirst().data(), alone.data());
    }

    private static void assertSameBits(Kernels kernels, Matrix x, List<Projection> projections, List<Matrix> expected) {
        List<Matrix> outs = new ArrayList<>();
        List<float[]> originals = new ArrayList<>();
        for (Matrix each : expected) {
            outs.add(new Samples(9).matrix(each.rows(), each.cols()));
            originals.add(outs.getLast().data().clone());
        }

        kernels.project(x, projections, outs);

        for (int p = 0; p < outs.size(); p++) {
            Matrix out = outs.get(p);
            assertArrayEquals(expected.get(p).data(), out.toArray(), () -> x + " x " + projections.getFirst().weight());
            for (int i = 0; i < out.data().length; i++) {
                boolean inside = i >= out.offset() && i < out.offset() + out.rows() * out.cols();
                if (!inside) assertEquals(originals.get(p)[i], out.data()[i], "written outside of the result, at " + i);
            }
        }
    }
}
