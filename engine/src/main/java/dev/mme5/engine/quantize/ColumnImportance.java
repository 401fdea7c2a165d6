package dev.mme5.engine.quantize;

import dev.mme5.engine.family.mllama.MllamaConfig;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How much the activations make of each column of a weight: the diagonal of their second moments, up to a factor. Measured if
 * there are measurements; else told from the weights before it, as far as they tell: what a norm puts out has the squares of its
 * weights, and what a product puts out has the squared lengths of its rows.
 */
final class ColumnImportance {
    /** Of the mean: no column is free, else its weights could become anything. */
    private static final double LEAST = 1e-3;

    private final Map<String, MappedTensor> tensors;
    private final MllamaConfig config;
    private final Map<String, float[]> measured;
    private final WorkerPool pool;

    /** @param measured second moments by normalised name of the weight; may be empty */
    ColumnImportance(Map<String, MappedTensor> tensors, MllamaConfig config, Map<String, float[]> measured, WorkerPool pool) {
        this.tensors = tensors;
        this.config = config;
        this.measured = measured;
        this.pool = pool;
    }

    /** Of a weight by its normalised name, [cols], with mean 1. */
    float[] of(String name, int cols) {
        float[] moments = measured.get(name);
        if (moments == null) moments = told(name).filter(told -> told.length == cols).orElse(null);
        float[] importance = new float[cols];
        double mean = 0;
        if (moments != null) {
            for (float moment : moments) mean += moment / (double) cols;
        }
        if (!(mean > 0 && mean < Float.MAX_VALUE)) {
            Arrays.fill(importance, 1);
            return importance;
        }
        for (int i = 0; i < cols; i++) importance[i] = (float) Math.max(moments[i] / mean, LEAST);
        return importance;
    }

    private Optional<float[]> told(String name) {
        int cut = layerEnd(name);
        if (cut < 0) return Optional.empty();
        String layer = name.substring(0, cut);
        return switch (name.substring(cut)) {
            case "self_attn.q_proj.weight", "self_attn.k_proj.weight", "self_attn.v_proj.weight", "cross_attn.q_proj.weight" ->
                    norm(layer + "input_layernorm");
            case "mlp.gate_proj.weight", "mlp.up_proj.weight", "mlp.fc1.weight" -> norm(layer + "post_attention_layernorm");
            case "self_attn.o_proj.weight" ->
                    rows(layer + "self_attn.v_proj", norm(layer + "input_layernorm")).map(rows -> byQueryHeads(layer, rows));
            case "cross_attn.o_proj.weight" -> rows(layer + "cross_attn.v_proj", Optional.empty()).map(rows -> byQueryHeads(layer, rows));
            case "mlp.fc2.weight" -> rows(layer + "mlp.fc1", norm(layer + "post_attention_layernorm"));
            case "mlp.down_proj.weight" -> {
                Optional<float[]> normed = norm(layer + "post_attention_layernorm");
                Optional<float[]> gate = rows(layer + "mlp.gate_proj", normed);
                yield rows(layer + "mlp.up_proj", normed).flatMap(up -> gate.map(g -> products(g, up)));
            }
            default -> Optional.empty();
        };
    }

    /** Where a layer's name ends in that of one of its tensors, behind {@code layers.7.}; -1 outside of layers. */
    private static int layerEnd(String name) {
        String layers = "layers.";
        int at = name.indexOf(layers);
        return at < 0 ? -1 : name.indexOf('.', at + layers.length()) + 1;
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

    /** Σ h w² of every row of a product, with h what comes into it, or 1; plus b². */
    private Optional<float[]> rows(String scope, Optional<float[]> in) {
        MappedTensor weight = tensors.get(scope + ".weight");
        boolean usable = weight != null && weight.dtype().isFloat() && in.map(h -> h.length == weight.cols()).orElse(true);
        if (!usable) return Optional.empty();
        float[] bias = vector(scope + ".bias").orElseGet(() -> new float[weight.rows()]);
        float[] sums = new float[weight.rows()];
        int rowsAtOnce = Math.max(1, (1 << 18) / Math.max(1, weight.cols()));
        pool.forEach(Math.ceilDiv(sums.length, rowsAtOnce), task -> {
            float[] row = new float[weight.cols()];
            for (int i = task * rowsAtOnce; i < Math.min(sums.length, (task + 1) * rowsAtOnce); i++) {
                weight.widen(i, row, 0);
                double sum = bias[i] * bias[i];
                for (int k = 0; k < row.length; k++) sum += (in.isPresent() ? in.get()[k] : 1) * row[k] * row[k];
                sums[i] = (float) sum;
            }
        });
        return Optional.of(sums);
    }

    /** Rows of values as the output projection sees them: groups of query heads share one head of values. */
    private float[] byQueryHeads(String layer, float[] valueRows) {
        if (!layer.startsWith("language_model.")) return valueRows;
        int size = config.text().headSize();
        int queriesPerKey = config.text().heads() / config.text().kvHeads();
        float[] columns = new float[config.text().heads() * size];
        for (int i = 0; i < columns.length; i++) {
            int row = i / size / queriesPerKey * size + i % size;
            if (row >= valueRows.length) return valueRows;
            columns[i] = valueRows[row];
        }
        return columns;
    }

    private static float[] products(float[] a, float[] b) {
        float[] products = new float[Math.min(a.length, b.length)];
        for (int i = 0; i < products.length; i++) products[i] = a[i] * b[i];
        return products;
    }
}
