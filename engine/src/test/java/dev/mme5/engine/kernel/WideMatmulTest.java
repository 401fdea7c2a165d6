package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.api.Projection;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of every kind, widened once for all tokens: each output is one chain of multiply-adds over the columns, to the bit. */
class WideMatmulTest {
    private static final Kernels ONE = new VectorKernels(new WorkerPool(1));
    private static final Kernels THREE = new VectorKernels(new WorkerPool(3));

    @AfterAll
    static void close() {
        ONE.close();
        THREE.close();
    }

    /** Blocks of columns whole, odd and empty, panels whole and in part, several panels in a task, several blocks and parts of tokens. */
    @ParameterizedTest
    @CsvSource({"2, 191, 40", "13, 193, 32", "25, 192, 33", "49, 0, 40", "49, 1, 75", "50, 194, 64", "60, 450, 75", "270, 577, 96",
        "700, 750, 320",
        "800, 10, 40"})
    void everyKindOfWeightGivesChains(int tokens, int depth, int outputs) {
        Samples samples = new Samples(tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        for (WeightMatrix weight : weights(samples, outputs, depth)) {
            float[] expected = chains(x, weight);
            for (Kernels kernels : List.of(ONE, THREE)) {
                Matrix out = samples.matrix(tokens, outputs);
                kernels.matmul(x, weight, out);
                assertArrayEquals(expected, out.toArray(), x + " x " + weight);
            }
        }
    }

    /** Bias and activation follow in the tile, or after it where a panel is incomplete or the last column is alone. */
    @ParameterizedTest
    @CsvSource({"50, 192, 64", "50, 200, 75", "50, 193, 64"})
    void biasAndActivationFollow(int tokens, int depth, int outputs) {
        Samples samples = new Samples(tokens + depth);
        Matrix x = samples.matrix(tokens, depth);
        float[] bias = samples.floats(outputs);
        for (WeightMatrix weight : weights(samples, outputs, depth)) {
            for (boolean gelu : new boolean[] {false, true}) {
                Matrix expected = new Matrix(chains(x, weight), 0, tokens, outputs);
                ONE.addBias(expected, bias);
                if (gelu) ONE.gelu(expected);
                List<Matrix> outs = List.of(samples.matrix(tokens, outputs), samples.matrix(tokens, outputs));
                Projection projection = new Projection(weight, bias, gelu);

                THREE.project(x, List.of(projection, projection), outs);

                for (Matrix out : outs) assertArrayEquals(expected.toArray(), out.toArray(), x + " x " + weight);
            }
        }
    }

    private static List<WeightMatrix> weights(Samples samples, int rows, int cols) {
        List<WeightMatrix> weights = new ArrayList<>();
        for (DType dtype : List.of(DType.BF16, DType.F16, DType.F32)) {
            MappedTensor inRows = samples.weight(dtype, rows, cols);
            weights.add(inRows);
            weights.add(PanelTensor.copyOf(inRows, Arena.ofAuto()));
        }
        QuantizedTensor inRows = samples.quantized(QuantizationScheme.INT8, rows, cols);
        weights.add(inRows);
        weights.add(Samples.inPanels(inRows));
        return weights;
    }

    /** [tokens, rows] */
    private static float[] chains(Matrix x, WeightMatrix weight) {
        float[] out = new float[x.rows() * weight.rows()];
        float[] row = new float[weight.cols()];
        for (int i = 0; i < weight.rows(); i++) {
            weight.widen(i, row, 0);
            for (int t = 0; t < x.rows(); t++) {
                float sum = 0;
                for (int k = 0; k < row.length; k++) sum = Math.fma(x.data()[x.offset() + t * x.cols() + k], row[k], sum);
                out[t * weight.rows() + i] = sum;
            }
        }
        return out;
    }
}
