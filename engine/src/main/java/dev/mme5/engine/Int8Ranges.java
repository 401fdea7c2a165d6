package dev.mme5.engine;

import java.util.Arrays;
import java.util.Objects;

/**
 * The minimum and the maximum of every dimension, between which {@link Precision#INT8} has its 256 steps. They come from
 * embeddings like those to be stored. Only embeddings stored with the same ranges can be compared.
 */
public final class Int8Ranges {
    private static final int STEPS = 255;

    private final float[] min;
    private final float[] steps;

    private Int8Ranges(float[] min, float[] max) {
        this.min = min;
        this.steps = new float[min.length];
        for (int i = 0; i < steps.length; i++) {
            float step = (max[i] - min[i]) / STEPS;
            if (!Float.isFinite(step)) {
                throw new IllegalArgumentException("dimension %d: from %s to %s is too far for float32".formatted(i, min[i], max[i]));
            }
            steps[i] = step == 0 ? 1 : step;
        }
    }

    /**
     * Known ranges.
     *
     * @param min [dimensions]
     * @param max [dimensions], nowhere below min
     * @throws IllegalArgumentException when they are empty or of different dimensions, not finite, or min is above max somewhere
     */
    public static Int8Ranges of(float[] min, float[] max) {
        Objects.requireNonNull(min, "min");
        Objects.requireNonNull(max, "max");
        Collector both = new Collector(min.length);
        both.add(min);
        both.add(max);
        for (int i = 0; i < min.length; i++) {
            if (min[i] > max[i]) {
                throw new IllegalArgumentException("dimension %d: minimum is %s, maximum %s".formatted(i, min[i], max[i]));
            }
        }
        return both.ranges();
    }

    /** Finds the ranges of any number of embeddings. */
    public static final class Collector {
        private final float[] min;
        private final float[] max;
        private long count;

        /** @throws IllegalArgumentException when there are no dimensions */
        public Collector(int dimensions) {
            if (dimensions < 1) throw new IllegalArgumentException("dimensions is " + dimensions + ", expected at least 1");
            min = new float[dimensions];
            max = new float[dimensions];
            Arrays.fill(min, Float.POSITIVE_INFINITY);
            Arrays.fill(max, Float.NEGATIVE_INFINITY);
        }

        /** @throws IllegalArgumentException when it has other dimensions, or a value is not finite */
        public void add(float[] values) {
            Objects.requireNonNull(values, "values");
            if (values.length != min.length) {
                throw new IllegalArgumentException("expected " + min.length + " dimensions, found " + values.length);
            }
            for (float value : values) {
                if (!Float.isFinite(value)) throw new IllegalArgumentException("expected finite numbers, found " + value);
            }
            for (int i = 0; i < values.length; i++) {
                min[i] = Math.min(min[i], values[i]);
                max[i] = Math.max(max[i], values[i]);
            }
            count++;
        }

        /** Number of embeddings added. */
        public long count() {
            return count;
        }

        /**
         * @throws IllegalStateException when nothing was added
         * @throws IllegalArgumentException when minimum and maximum of a dimension are further apart than any float
         */
        public Int8Ranges ranges() {
            if (count == 0) throw new IllegalStateException("no embeddings: int8 needs some to find its ranges");
            return new Int8Ranges(min.clone(), max.clone());
        }
    }

    /** Number of dimensions. */
    public int dimensions() {
        return min.length;
    }

    /** clip(floor((x - min) / step), 0, 255) - 128, in float32 throughout, as numpy computes it. */
    byte[] quantize(float[] values) {
        if (values.length != min.length) {
            throw new IllegalArgumentException("the ranges have " + min.length + " dimensions, the embedding " + values.length);
        }
        byte[] quantized = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            double step = Math.floor((values[i] - min[i]) / steps[i]);
            quantized[i] = (byte) (Math.clamp(step, 0, STEPS) - 128);
        }
        return quantized;
    }
}
