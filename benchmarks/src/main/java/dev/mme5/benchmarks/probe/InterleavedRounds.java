package dev.mme5.benchmarks.probe;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Measures subjects that do the same work, in turns with a probe of the machine: first the probe, then each of them, then
 * the probe again. So all meet the same disturbances, and a fraction compares what was measured within a second or so.
 */
public final class InterleavedRounds {
    private static final int FEWEST = 3;
    private static final int MOST = 15;

    /** Shorter runs are repeated within one turn until it takes this long, in seconds. */
    private static final double TURN = 0.05;

    private InterleavedRounds() {}

    /** How long to measure. */
    public enum Effort {
        /** For a glance. */
        QUICK(0.2, 0.5),
        /** For a report. */
        NORMAL(0.4, 1.2);

        private final double warmUpSeconds;
        private final double seconds;

        Effort(double warmUpSeconds, double seconds) {
            this.warmUpSeconds = warmUpSeconds;
            this.seconds = seconds;
        }
    }

    /** What the machine could do in one round, operations and bytes a second. */
    public record Peak(double flops, double bytes) {
        public static Peak of(PeakProbe probe) {
            return new Peak(probe.flops(), probe.bytes());
        }

        /** The better of two: what disturbed one probe is no limit of the machine. */
        Peak or(Peak other) {
            return new Peak(Math.max(flops, other.flops), Math.max(bytes, other.bytes));
        }
    }

    /** How long one subject took in each round, in seconds a run, beside what the machine could do then. */
    public record Times(double[] seconds, List<Peak> peaks) {
        public double median() {
            return InterleavedRounds.median(seconds);
        }

        /** Median over the rounds of the part of the peak that so many operations a run come to. */
        public double ofFlops(double flops) {
            return fraction(i -> flops / peaks.get(i).flops());
        }

        /** The same for bytes. */
        public double ofBytes(double bytes) {
            return fraction(i -> bytes / peaks.get(i).bytes());
        }

        private double fraction(IntToDoubleFunction secondsAtPeak) {
            double[] fractions = new double[seconds.length];
            Arrays.setAll(fractions, i -> secondsAtPeak.applyAsDouble(i) / seconds[i]);
            return InterleavedRounds.median(fractions);
        }
    }

    /** Warms up and checks all, then measures them; one entry for each. */
    public static List<Times> measure(List<BenchmarkSubject> subjects, PeakProbe probe, Effort effort) {
        int[] repeats = new int[subjects.size()];
        double roundSeconds = 0;
        for (int i = 0; i < repeats.length; i++) {
            double once = warmUp(subjects.get(i), effort.warmUpSeconds);
            subjects.get(i).check();
            repeats[i] = (int) Math.max(1, Math.ceil(TURN / once));
            roundSeconds += repeats[i] * once;
        }
        int rounds = (int) Math.clamp(effort.seconds * repeats.length / roundSeconds, FEWEST, MOST);
        List<Peak> peaks = new ArrayList<>();
        double[][] seconds = new double[repeats.length][rounds];
        for (int round = 0; round < rounds; round++) {
            Peak before = Peak.of(probe);
            for (int i = 0; i < repeats.length; i++) seconds[i][round] = time(subjects.get(i), repeats[i]);
            peaks.add(before.or(Peak.of(probe)));
        }
        return Arrays.stream(seconds).map(each -> new Times(each, peaks)).toList();
    }

    /** Runs until so many seconds are over, once at least; returns how long the last run took. */
    private static double warmUp(BenchmarkSubject subject, double seconds) {
        long start = System.nanoTime();
        double once;
        do {
            once = time(subject, 1);
        } while (System.nanoTime() - start < seconds * 1e9);
        return once;
    }

    private static double time(BenchmarkSubject subject, int repeats) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) subject.run();
        return Math.max(1, System.nanoTime() - start) / 1e9 / repeats;
    }

    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
