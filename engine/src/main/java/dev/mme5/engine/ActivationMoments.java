package dev.mme5.engine;

import dev.mme5.engine.kernel.ObservedKernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.weights.WeightMatrix;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Mean squares of the activations that each weight of a model is multiplied with, measured while it embeds some inputs. Quantising
 * with them rounds weights better. Nothing else about the inputs is stored.
 */
public final class ActivationMoments implements AutoCloseable {
    private final Map<String, Sums> sums = new HashMap<>();
    private final EmbeddingModel model;

    private static final class Sums {
        private final double[] squares;
        private long rows;

        Sums(int columns) {
            squares = new double[columns];
        }
    }

    private ActivationMoments(Path folder, Options options) {
        model = EmbeddingModel.open(folder, options, ProgressListener.NONE,
                ModelRuntime.Environment.standard().withKernels(kernels -> new ObservedKernels(kernels, this::observe)));
    }

    /** Opens a model to measure; refuses what {@link EmbeddingModel#open(Path, Options)} refuses. */
    public static ActivationMoments open(Path folder, Options options) {
        return new ActivationMoments(folder, options);
    }

    /**
     * Embeds some inputs and adds up their activations. What is computed once counts once: a text that a call has several
     * times, and equal beginnings of texts.
     *
     * @throws InputException when an input cannot be embedded: the first such one
     */
    public void add(List<Input> inputs) {
        model.embedAll(inputs);
    }

    private synchronized void observe(Matrix x, WeightMatrix weight) {
        Sums sum = sums.computeIfAbsent(model.tensorNames().canonical(weight.name()), name -> new Sums(x.cols()));
        for (int row = 0; row < x.rows(); row++) {
            for (int col = 0; col < x.cols(); col++) sum.squares[col] += (double) x.at(row, col) * x.at(row, col);
        }
        sum.rows += x.rows();
    }

    /** The mean square of every column, by canonical name of the weight that it is multiplied with. */
    public synchronized Map<String, float[]> byWeight() {
        Map<String, float[]> moments = new HashMap<>();
        sums.forEach((name, sum) -> {
            float[] means = new float[sum.squares.length];
            for (int i = 0; i < means.length; i++) means[i] = (float) (sum.squares[i] / Math.max(1, sum.rows));
            moments.put(name, means);
        });
        return moments;
    }

    @Override
    public void close() {
        model.close();
    }
}
