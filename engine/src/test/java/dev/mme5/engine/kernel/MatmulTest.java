package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatmulTest {
    private static final Kernels REFERENCE = new ReferenceKernels();
    private static final Kernels VECTOR = new VectorKernels(new WorkerPool(2));
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 25};

    @AfterAll
    static void close() {
        VECTOR.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 255, 256, 257, 513, 1280})
    void agreesWithTheReferenceForEveryDepth(int depth) {
        for (int tokens : TOKENS) {
            for (DType dtype : new DType[] {DType.BF16, DType.F16, DType.F32}) assertAgrees(dtype, tokens, depth, 37);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 191, 192, 193, 400})
    void agreesWithTheReferenceForEveryNumberOfOutputs(int outputs) {
        for (int tokens : TOKENS) {
            for (DType dtype : new DType[] {DType.BF16, DType.F16, DType.F32}) assertAgrees(dtype, tokens, 43, outputs);
        }
    }

    @ParameterizedTest
    @CsvSource({"769, 40, 70", "1600, 300, 50", "1537, 9, 33", "70, 2500, 400"})
    void agreesWithTheReferenceForManyTokens(int tokens, int depth, int outputs) {
        assertAgrees(DType.BF16, tokens, depth, outputs);
    }

    /** |computed - exact| <= (n + 1) 2^-24 Σ |a b|: n roundings of the chain and one of the reference. */
    private static void assertAgrees(DType dtype, int tokens, int depth, int outputs) {
        Samples samples = new Samples(31L * tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        MappedTensor weight = samples.weight(dtype, outputs, depth);
        Matrix expected = Matrix.zeros(tokens, outputs);
        Matrix actual = samples.matrix(tokens, outputs);
        float[] original = actual.data().clone();

        REFERENCE.matmul(x, weight, expected);
        VECTOR.matmul(x, weight, actual);

        float[] row = new float[depth];
        for (int output = 0; output < outputs; output++) {
            weight.widen(output, row, 0);
            for (int token = 0; token < tokens; token++) {
                double magnitude = 0;
                for (int k = 0; k < depth; k++) magnitude += Math.abs((double) x.at(token, k) * row[k]);
                double bound = (depth + 1) * 0x1p-24 * magnitude;
                assertEquals(expected.at(token, output), actual.at(token, output), bound, "token " + token + ", output " + output);
            }
        }
        for (int i = 0; i < original.length; i++) {
            boolean inside = i >= actual.offset() && i < actual.offset() + tokens * outputs;
            if (!inside) assertEquals(original[i], actual.data()[i], "written outside of the result, at offset " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void everyOutputIsOneFmaChain(DType dtype) {
        Samples samples = new Samples(7);
        Matrix x = samples.matrix(19, 777);
        MappedTensor weight = samples.weight(dtype, 75, 777);
        Matrix out = Matrix.zeros(19, 75);

        VECTOR.matmul(x, weight, out);

        assertArrayEquals(chains(x, weight), out.data());
    }

    private static float[] chains(Matrix x, MappedTensor weight) {
        float[] out = new float[x.rows() * weight.rows()];
        float[] row = new float[weight.cols()];
        for (int output = 0; output < weight.rows(); output++) {
            weight.widen(output, row, 0);
            for (int token = 0; token < x.rows(); token++) {
                float sum = 0;
                for (int k = 0; k < row.length; k++) sum = Math.fma(x.at(token, k), row[k], sum);
                out[token * weight.rows() + output] = sum;
            }
        }
        return out;
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void weightsMayBeginAtAnOddAddress(DType dtype) {
        Samples samples = new Samples(8);
        MappedTensor aligned = samples.weight(dtype, 40, 33);
        Matrix x = samples.matrix(5, 33);
        Matrix expected = Matrix.zeros(5, 40);
        Matrix actual = Matrix.zeros(5, 40);
        VECTOR.matmul(x, aligned, expected);

        MemorySegment bytes = Arena.ofAuto().allocate(aligned.bytes().byteSize() + 1, 64).asSlice(1);
        bytes.copyFrom(aligned.bytes());
        VECTOR.matmul(x, new MappedTensor("file", "odd", dtype, new Shape(40, 33), bytes), actual);

        assertArrayEquals(expected.data(), actual.data());
    }

    @Test
    void refusesShapesThatDoNotFit() {
        MappedTensor weight = new Samples(1).weight(DType.F32, 3, 4);

        assertThrows(IllegalArgumentException.class, () -> VECTOR.matmul(Matrix.zeros(2, 5), weight, Matrix.zeros(2, 3)));
        assertThrows(IllegalArgumentException.class, () -> REFERENCE.matmul(Matrix.zeros(2, 4), weight, Matrix.zeros(2, 4)));
    }
}
