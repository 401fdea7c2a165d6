package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.engine.kernel.rows.RowSums;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elementwise and row kernels, at lengths around every lane count. */
class RowKernelsTest {
    private static final float UNIT = 0x1p-24f;
    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(2));

    @AfterAll
    static void close() {
        VECTOR.close();
    }

    /** Runs the operation with both kernels on the same input and compares, relative to 1 plus the magnitude of the result. */
    private static void assertAgree(Matrix x, double units, BiConsumer<Kernels, Matrix> operation) {
        Matrix expected = new Matrix(x.data().clone(), x.offset(), x.rows(), x.cols());
        Matrix actual = new Matrix(x.data().clone(), x.offset(), x.rows(), x.cols());

        operation.accept(REFERENCE, expected);
        operation.accept(VECTOR, actual);

        for (int i = 0; i < expected.data().length; i++) {
            float value = expected.data()[i];
            assertEquals(value, actual.data()[i], units * UNIT * (1 + Math.abs(value)), "at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 1280})
    void elementwiseKernelsAgree(int length) {
        Samples samples = new Samples(length);
        Matrix update = samples.matrix(3, length);
        float[] bias = samples.floats(length);

        assertAgree(samples.matrix(3, length), 1, (kernels, x) -> kernels.addBias(x, bias));
        assertAgree(samples.matrix(3, length), 1, (kernels, x) -> kernels.addScaled(x, 0.7f, update));
        assertAgree(samples.matrix(3, length), 1, (kernels, x) -> kernels.addScaled(x, -0.7f, update.rows(1, 2)));
        assertAgree(samples.matrix(3, length), 6, (kernels, x) -> kernels.gelu(x));
        assertAgree(samples.matrix(3, length), 6, (kernels, x) -> kernels.siluTimes(x, update));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 1280, 4096})
    void normsAgree(int length) {
        Samples samples = new Samples(length);
        float[] weight = samples.floats(length);
        float[] bias = samples.floats(length);
        double units = (length / 16.0 + 20) * 5; // a chain of n / 16 additions, times the largest |weight| among some thousand gaussians

        assertAgree(samples.matrix(3, length), units, (kernels, x) -> kernels.layerNorm(x, weight, bias, 1e-5f, x));
        assertAgree(samples.matrix(3, length), units, (kernels, x) -> kernels.rmsNorm(x, weight, 1e-5f, x));
        assertAgree(samples.matrix(3, length), units, (kernels, x) -> kernels.normalizeRows(x));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 300, 1280})
    void sumsOverARowHaveTheCanonicalOrder(int length) {
        float[] x = new Samples(length).floats(length + 3);
        float[] sums = new float[16];
        float[] squares = new float[16];
        for (int i = 0; i < length; i++) {
            sums[i % 16] += x[3 + i];
            squares[i % 16] = Math.fma(x[3 + i] - 0.5f, x[3 + i] - 0.5f, squares[i % 16]);
        }

        assertEquals(treeSum(sums), RowSums.sum(x, 3, length, new float[16]));
        assertEquals(treeSum(squares), RowSums.sumOfSquares(x, 3, length, 0.5f, new float[16]));
    }

    private static float treeSum(float[] p) {
        for (int half : new int[] {8, 4, 2, 1}) {
            for (int i = 0; i < half; i++) p[i] = p[i] + p[i + half];
        }
        return p[0];
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 11, 16, 17, 40, 64})
    void rotationsAgree(int half) {
        Samples samples = new Samples(half);
        Matrix cos = samples.matrix(3, half);
        Matrix sin = samples.matrix(3, half);

        assertAgree(samples.matrix(3, 4 * half), 16, (kernels, x) -> kernels.rotate(x, cos, sin));
    }

    @Test
    void aRowOfZerosStaysZeroWhenNormalized() {
        Matrix x = Matrix.zeros(1, 20);

        VECTOR.normalizeRows(x);

        assertArrayEquals(new float[20], x.data());
    }

    @Test
    void gatherCopiesTheGivenRows() {
        MappedTensor table = new Samples(1).weight(DType.BF16, 9, 13);
        Matrix out = Matrix.zeros(3, 13);
        float[] expected = new float[39];
        table.widen(8, expected, 0);
        table.widen(0, expected, 13);
        table.widen(8, expected, 26);

        VECTOR.gather(table, new int[] {8, 0, 8}, out);

        assertArrayEquals(expected, out.data());
    }
}
