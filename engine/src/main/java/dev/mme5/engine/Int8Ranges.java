package dev.mme5.engine;

import java.util.Arrays;

/**
 * The least and the largest value of every dimension, between which {@link Precision#INT8} has its 256 steps. They come from
 * embeddings like those that are to be stored; what is compared must have been stored with the same ranges.
 */
public final class Int8Ranges {
    private static final int STEPS = 255;

    private final float[] least;
    private final float[] steps;

    private Int8Ranges(float[] least, float[] largest) {
        this.least = least;
        this.steps = new float[least.length];
        for (int i = 0; i < steps.length; i++) {
            float step = (largest[i] - least[i]) / STEPS;
            steps[i] = step == 0 ? 1 : step;
        }
    }

    /**
     * Ranges that are known.
     *
     * @param least [dimensions]
     * @param largest [dimensions], nowhere below least
     */
    public static Int8Ranges of(float[] least, float[] largest) {
        Collector both = new Collector(least.length);
        both.add(least);
        both.add(largest);
        for (int i = 0; i < least.length; i++) {
            if (least[i] > largest[i]) {
                throw new IllegalArgumentException("dimension %d: least is %s, largest %s".formatted(i, least[i], largest[i]));
            }
        }
        return both.ranges();
    }

    /** Finds the ranges of embeddings, however many. */
    public static final class Collector {
        private final float[] least;
        private final float[] largest;
        private long count;

        public Collector(int dimensions) {
            least = new float[dimensions];
            largest = new float[dimensions];
            Arrays.fill(least, Float.POSITIVE_INFINITY);
            Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        }

        /** @throws IllegalArgumentException when it has other dimensions, or a value is not finite */
        public void add(float[] values) {
            if (values.length != least.length) {
                throw new IllegalArgumentException("expected " + least.length + " dimensions, found " + values.length);
            }
            for (float value : values) {
                if (!Float.isFinite(value)) throw new IllegalArgumentException("expected finite numbers, found " + value);
            }
            for (int i = 0; i < values.length; i++) {
                least[i] = Math.min(least[i], values[i]);
                largest[i] = Math.max(largest[i], values[i]);
            }
            count++;
        }

        /** How many were added. */
        public long count() {
            return count;
        }

        /** @throws IllegalStateException when nothing was added */
        public Int8Ranges ranges() {
            if (count == 0) throw new IllegalStateException("no embeddings: int8 needs some to find its ranges");
            return new Int8Ranges(least.clone(), largest.clone());
        }
    }

    /** How many dimensions the ranges are of. */
    public int dimensions() {
        return least.length;
    }

    /** clip(floor((x - least) / step), 0, 255) - 128, in float32 throughout, as numpy computes it. */
    byte[] quantize(float[] values) {
        if (values.length != least.length) {
            throw new IllegalArgumentException("the ranges have " + least.length + " dimensions, the embedding " + values.length);
        }
        byte[] quantized = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            double step = Math.floor((values[i] - least[i]) / steps[i]);
            quantized[i] = (byte) (Math.clamp(step, 0, STEPS) - 128);
        }
        return quantized;
    }
}
