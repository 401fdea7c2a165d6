package dev.mme5.engine.quantize;

import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.WeightInput;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The weight of each column of a matrix in the error of its outputs: the diagonal of the second moments of its activations, up
 * to a factor. Without measurements it is estimated from the weights that compute the activations: after a norm the squares of
 * the norm's weights, after a linear layer the squared lengths of its rows.
 */
final class ColumnImportance {
    /** Relative to the mean. At 0 a column would not count at all, and any rounding of its weights would do. */
    private static final double MIN = 1e-3;

    private static final int ROW_BLOCK_WEIGHTS = 1 << 18;

    private final Map<String, MappedTensor> tensors;
    private final ModelArchitecture model;
    private final Map<String, float[]> measured;
    private final WorkerPool pool;

    /** @param measured second moments by canonical name of the weight; may be empty */
    ColumnImportance(Map<String, MappedTensor> tensors, ModelArchitecture model, Map<String, float[]> measured, WorkerPool pool) {
        this.tensors = tensors;
        this.model = model;
        this.measured = measured;
        this.pool = pool;
    }

    /** Of a weight by its canonical name, [cols], with mean 1. */
    float[] of(String name, int cols) {
        float[] moments = measured.get(name);
        if (moments != null && moments.length != cols) {
            throw new IllegalArgumentException("moments of %s: expected %d numbers, found %d".formatted(name, cols, moments.length));
        }
        if (moments == null) moments = model.inputOf(name).flatMap(this::estimate).filter(m -> m.length == cols).orElse(null);
        float[] importance = new float[cols];
        double mean = 0;
        if (moments != null) {
            for (float moment : moments) mean += moment / (double) cols;
        }
        if (!(mean > 0 && mean < Float.MAX_VALUE)) {
            Arrays.fill(importance, 1);
            return importance;
        }
        for (int i = 0; i < cols; i++) importance[i] = (float) Math.max(moments[i] / mean, MIN);
        return importance;
    }

    /** Second moments, up to a factor; empty when a tensor that they depend on is not there. */
    private Optional<float[]> estimate(WeightInput input) {
        return switch (input) {
            case WeightInput.Norm(String scope) -> norm(scope);
            case WeightInput.Projection(String scope, Optional<WeightInput> source) -> rows(scope, source.flatMap(this::estimate));
            case WeightInput.Attention attention ->
                    estimate(attention.values()).map(rows -> byQueryHeads(rows, attention.headSize(), attention.queriesPerKey()));
            case WeightInput.Gated(WeightInput.Projection gate, WeightInput.Projection up) ->
                    estimate(up).flatMap(u -> estimate(gate).map(g -> products(g, u)));
        };
    }

    /** w² + b² of a norm. */
    private Optional<float[]> norm(String scope) {
        return vector(scope + ".weight").map(weight -> {
            float[] bias = vector(scope + ".bias").orElseGet(() -> new float[weight.length]);
            float[] squares = new float[weight.length];
            for (int i = 0; i < squares.length; i++) squares[i] = weight[i] * weight[i] + bias[i] * bias[i];
            return squares;
        });
    }

    private Optional<float[]> vector(String name) {
        MappedTensor tensor = tensors.get(name);
        boolean usable = tensor != null && tensor.dtype().isFloat() && tensor.shape().dims().length == 1;
        return usable ? Optional.of(tensor.toFloats()) : Optional.empty();
    }

    /** Σ h w² + b² of every row of a linear layer, with h the second moments of its input, or 1. */
    private Optional<float[]> rows(String scope, Optional<float[]> in) {
        MappedTensor weight = tensors.get(scope + ".weight");
        boolean usable = weight != null && weight.dtype().isFloat() && in.map(h -> h.length == weight.cols()).orElse(true);
        if (!usable) return Optional.empty();
        float[] bias = vector(scope + ".bias").orElseGet(() -> new float[weight.rows()]);
        float[] sums = new float[weight.rows()];
        int rowBlock = Math.max(1, ROW_BLOCK_WEIGHTS / Math.max(1, weight.cols()));
        pool.forEach(Math.ceilDiv(sums.length, rowBlock), task -> {
            float[] row = new float[weight.cols()];
            for (int i = task * rowBlock; i < Math.min(sums.length, (task + 1) * rowBlock); i++) {
                weight.widen(i, row, 0);
                double sum = bias[i] * bias[i];
                for (int k = 0; k < row.length; k++) sum += (in.isPresent() ? in.get()[k] : 1) * row[k] * row[k];
                sums[i] = (float) sum;
            }
        });
        return Optional.of(sums);
    }

    /** Rows of values in the order of attention's output: groups of query heads share one head of values. */
    private static float[] byQueryHeads(float[] valueRows, int headSize, int queriesPerKey) {
        float[] columns = new float[valueRows.length * queriesPerKey];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = valueRows[i / headSize / queriesPerKey * headSize + i % headSize];
        }
        return columns;
    }

    private static float[] products(float[] a, float[] b) {
        float[] products = new float[Math.min(a.length, b.length)];
        for (int i = 0; i < products.length; i++) products[i] = a[i] * b[i];
        return products;
    }
}
