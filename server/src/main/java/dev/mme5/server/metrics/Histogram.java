package dev.mme5.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** Counts values by bounds. */
final class Histogram {
    private final double[] bounds;
    private final AtomicLongArray counts;
    private final DoubleAdder sum = new DoubleAdder();

    /** @param bounds upper bounds, rising; what is above the last has a count of its own */
    Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    void add(double value) {
        int i = 0;
        while (i < bounds.length && value > bounds[i]) i++;
        counts.incrementAndGet(i);
        sum.add(value);
    }

    /** @param labels such as {@code route="/embed"}; may be empty */
    void write(MetricsText text, String name, String labels) {
        String more = labels.isEmpty() ? "" : labels + ",";
        long count = 0;
        for (int i = 0; i <= bounds.length; i++) {
            count += counts.get(i);
            String bound = i < bounds.length ? MetricsText.number(bounds[i]) : "+Inf";
            text.sample(name + "_bucket", more + "le=\"" + bound + "\"", count);
        }
        text.sample(name + "_sum", labels, sum.sum());
        text.sample(name + "_count", labels, count);
    }
}
