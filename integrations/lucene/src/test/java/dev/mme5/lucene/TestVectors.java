package dev.mme5.lucene;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Unit vectors that lie around centres, as embeddings do. */
final class TestVectors {
    private TestVectors() {}

    static List<float[]> clustered(int count, int dimensions, int centres, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> means = new ArrayList<>();
        for (int i = 0; i < centres; i++) means.add(normal(random, new float[dimensions], 1));
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) vectors.add(normal(random, means.get(random.nextInt(centres)), 0.7));
        return vectors;
    }

    private static float[] normal(SplittableRandom random, float[] mean, double deviation) {
        double[] values = new double[mean.length];
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = mean[i] + deviation / Math.sqrt(mean.length) * random.nextGaussian();
            squares += values[i] * values[i];
        }
        float[] vector = new float[mean.length];
        for (int i = 0; i < vector.length; i++) vector[i] = (float) (values[i] / Math.sqrt(squares));
        return vector;
    }
}
