package dev.mme5.benchmarks.probe;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/**
 * Measures subjects that do the same work in interleaved rounds: the peak probe, each subject, the probe again. All of them meet the same
 * disturbances, and a fraction compares figures of about the same second.
 *
 * <p>Each turn begins with a pause in which threads of the previous subject fall asleep, since those of ONNX Runtime spin for some 10 ms
 * after a call. Two runs that are not measured follow, where runs are short.
 */
public final class InterleavedRounds {
    private static final int MIN_ROUNDS = 3;
    private static final int MAX_ROUNDS = 15;

    /** Shorter runs are repeated within one round for this many seconds. */
    private static final double MIN_TURN_SECONDS = 0.05;

    private static final long PAUSE_MILLIS = 60;

    /** Runs at the beginning of a turn that are not measured, unless a run is as long as a turn. */
    private static final int UNMEASURED = 2;

    private InterleavedRounds() {}

    /** Duration of a measurement. */
    public enum Effort {
        /** Fast and noisy. */
        QUICK(0.2, 0.5),
        /** For a report. */
        NORMAL(0.4, 1.2),
        /** For whole models, whose code takes long to compile. */
        LONG(3, 2),
        /** For few layers of a large model: their small operations go to the vector kernels after some dozen texts only. */
        FEW_LAYERS(12, 3);

        private final double warmUpSeconds;
        private final double seconds;

        Effort(double warmUpSeconds, double seconds) {
            this.warmUpSeconds = warmUpSeconds;
            this.seconds = seconds;
        }
    }

    /** The machine's peak in one round: operations and bytes a second. */
    public record Peak(double flops, double bytes) {
        public static Peak of(PeakProbe probe) {
            return new Peak(probe.flops(), probe.bytes());
        }

        /** Probes of this machine, already compiled. */
        public static Supplier<Peak> probes(int threads) {
            PeakProbe probe = new PeakProbe(threads);
            Peak.of(probe);
            return () -> Peak.of(probe);
        }

        /** The better of two probes, because a disturbed probe is no limit of the machine. */
        Peak or(Peak other) {
            return new Peak(Math.max(flops, other.flops), Math.max(bytes, other.bytes));
        }
    }

    /** Seconds of one run of a subject in each round, and the machine's peak in that round. */
    public record Times(double[] seconds, List<Peak> peaks) {
        public double median() {
            return InterleavedRounds.median(seconds);
        }

        /** Median over the rounds of the fraction of the peak, given the operations of one run. */
        public double ofFlops(double flops) {
            return fraction(i -> flops / peaks.get(i).flops());
        }

        /** The same for the bytes of one run. */
        public double ofBytes(double bytes) {
            return fraction(i -> bytes / peaks.get(i).bytes());
        }

        private double fraction(IntToDoubleFunction secondsAtPeak) {
            double[] fractions = new double[seconds.length];
            Arrays.setAll(fractions, i -> secondsAtPeak.applyAsDouble(i) / seconds[i]);
            return InterleavedRounds.median(fractions);
        }
    }

    /**
     * Warms up and checks all subjects, then measures them; one entry for each.
     *
     * @param probe measures the peak of this moment
     */
    public static List<Times> measure(List<BenchmarkSubject> subjects, Supplier<Peak> probe, Effort effort) {
        int[] repeats = new int[subjects.size()];
        double roundSeconds = 0;
        for (int i = 0; i < repeats.length; i++) {
            double once = warmUp(subjects.get(i), effort.warmUpSeconds);
            subjects.get(i).check();
            repeats[i] = (int) Math.max(1, Math.ceil(MIN_TURN_SECONDS / once));
            roundSeconds += repeats[i] * once;
        }
        int rounds = (int) Math.clamp(effort.seconds * repeats.length / roundSeconds, MIN_ROUNDS, MAX_ROUNDS);
        List<Peak> peaks = new ArrayList<>();
        double[][] seconds = new double[repeats.length][rounds];
        for (int round = 0; round < rounds; round++) {
            Peak before = probe.get();
            for (int i = 0; i < repeats.length; i++) seconds[i][round] = turn(subjects.get(i), repeats[i]);
            peaks.add(before.or(probe.get()));
        }
        return Arrays.stream(seconds).map(each -> new Times(each, peaks)).toList();
    }

    /** Runs for the given seconds, at least once; returns the seconds of the last run. */
    private static double warmUp(BenchmarkSubject subject, double seconds) {
        long start = System.nanoTime();
        double once;
        do {
            once = time(subject, 1);
        } while (System.nanoTime() - start < seconds * 1e9);
        return once;
    }

    private static double turn(BenchmarkSubject subject, int repeats) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (repeats > 1) time(subject, UNMEASURED);
        return time(subject, repeats);
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
