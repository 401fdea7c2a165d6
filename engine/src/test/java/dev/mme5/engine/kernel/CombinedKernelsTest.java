package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.mme5.engine.kernel.api.AttentionMask;
import dev.mme5.engine.kernel.api.Heads;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.baseline.BaselineKernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations that do several things at once have the bits of one after the other. */
class CombinedKernelsTest {
    private static final Kernels BASELINE = new BaselineKernels();

    private final Random random = new Random(5);

    private Matrix matrix(int rows, int cols) {
        Matrix matrix = Matrix.zeros(rows, cols);
        for (int i = 0; i < rows * cols; i++) matrix.data()[matrix.offset() + i] = (float) random.nextGaussian();
        return matrix;
    }

    private static Matrix copy(Matrix x) {
        Matrix copy = Matrix.zeros(x.rows(), x.cols());
        System.arraycopy(x.data(), x.offset(), copy.data(), copy.offset(), x.rows() * x.cols());
        return copy;
    }

    private static void assertSame(Matrix expected, Matrix found, String what) {
        assertArrayEquals(bits(expected), bits(found), what);
    }

    private static int[] bits(Matrix x) {
        int[] bits = new int[x.rows() * x.cols()];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(x.data()[x.offset() + i]);
        return bits;
    }

    private interface Check {
        void on(Kernels kernels, String name);
    }

    private static void onAll(Check check) {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels vector = new VectorKernels(new WorkerPool(threads)); Kernels tiered = new TieredKernels(new WorkerPool(threads))) {
                check.on(vector, "vector, " + threads + " threads");
                check.on(tiered, "tiered, " + threads + " threads");
            }
        }
        check.on(BASELINE, "baseline");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 20, 25, 130, 800})
    void projections(int tokens) {
        int in = 70;
        Matrix x = matrix(tokens, in);
        List<Projection> rows = new ArrayList<>();
        List<Projection> panels = new ArrayList<>();
        Arena arena = Arena.ofAuto();
        for (int out : new int[] {96, 41, 320}) {
            MappedTensor weight = MappedTensor.ofFloats("w", matrix(out, in).data(), out, in);
            float[] bias = out == 41 ? null : matrix(1, out).data();
            rows.add(new Projection(weight, bias, out != 96));
            panels.add(new Projection(PanelTensor.copyOf(weight, arena), bias, out != 96));
        }
        List<Matrix> expected = new ArrayList<>();
        for (Projection projection : rows) {
            Matrix out = Matrix.zeros(tokens, projection.weight().rows());
            BASELINE.matmul(x, projection.weight(), out);
            if (projection.bias() != null) BASELINE.addBias(out, projection.bias());
            if (projection.gelu()) BASELINE.gelu(out);
            expected.add(out);
        }

        onAll((kernels, name) -> {
            for (List<Projection> projections : List.of(rows, panels)) {
                List<Matrix> outs = Stream.of(96, 41, 320).map(cols -> Matrix.zeros(tokens, cols)).toList();
                kernels.project(x, projections, outs);
                for (int i = 0; i < outs.size(); i++) assertSame(expected.get(i), outs.get(i), name + ", projection " + i);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 20, 25, 130})
    void projectionsOfEightBits(int tokens) {
        int in = 600;
        Matrix x = matrix(tokens, in);
        Samples samples = new Samples(3);
        List<QuantizedTensor> rows = Stream.of(96, 41, 320).map(out -> samples.quantized(QuantizationScheme.INT8, out, in)).toList();
        List<Projection> panels = rows.stream().map(weight -> new Projection(Samples.inPanels(weight), null, false)).toList();
        onAll((kernels, name) -> {
            List<Matrix> outs = Stream.of(96, 41, 320).map(cols -> Matrix.zeros(tokens, cols)).toList();
            kernels.project(x, panels, outs);
            for (int i = 0; i < outs.size(); i++) {
                Matrix expected = Matrix.zeros(tokens, outs.get(i).cols());
                BASELINE.matmul(x, rows.get(i), expected);
                assertSame(expected, outs.get(i), name + ", projection " + i);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 64, 384})
    void sumAndNorm(int width) {
        Matrix x = matrix(90, width);
        Matrix update = matrix(90, width);
        float[] weight = matrix(1, width).data();
        float[] bias = matrix(1, width).data();
        Matrix expected = copy(x);
        BASELINE.addScaled(expected, 1, update);
        BASELINE.layerNorm(expected, weight, bias, 1e-5f, expected);

        onAll((kernels, name) -> {
            Matrix found = copy(x);
            kernels.addAndNorm(found, update, weight, bias, 1e-5f);
            assertSame(expected, found, name);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 20, 32, 64})
    void attentionWithinSequences(int size) {
        int[] starts = {0, 1, 21, 37, 37 + 33, 70 + 200, 270 + 16, 286 + 3};
        for (Heads heads : List.of(new Heads(3, 3, size), new Heads(4, 2, size))) {
            Matrix q = matrix(starts[7], heads.heads() * size);
            Matrix k = matrix(starts[7], heads.kvHeads() * size);
            Matrix v = matrix(starts[7], heads.kvHeads() * size);
            Matrix expected = copy(q);
            for (int i = 0; i < 7; i++) {
                Matrix keys = k.rows(starts[i], starts[i + 1]);
                BASELINE.attention(expected.rows(starts[i], starts[i + 1]), keys, v.rows(starts[i], starts[i + 1]), heads,
                        new AttentionMask.Full(keys.rows()), expected.rows(starts[i], starts[i + 1]));
            }

            onAll((kernels, name) -> {
                Matrix found = copy(q);
                kernels.attentionWithin(found, k, v, heads, starts, found);
                assertSame(expected, found, name + ", " + heads);
            });
        }
    }
}
