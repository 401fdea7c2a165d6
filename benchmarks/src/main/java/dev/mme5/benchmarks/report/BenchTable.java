package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.Workload;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * The printed table: one row for each implementation, printed when it is measured. Each figure is followed by its fraction of the
 * machine's peak in the same round.
 */
public final class BenchTable {
    private static final String ROW = "%-34s %-22s %10s %-11s %7s %7s  %s";

    private final PrintStream out;

    public BenchTable(PrintStream out) {
        this.out = out;
    }

    public void head(String machine, InterleavedRounds.Peak peak, int threads) {
        out.printf(Locale.ROOT, "%s; %d threads; peak %.1f GFLOP/s of float32, %.1f GB/s read%n%n", machine, threads,
                peak.flops() / 1e9, peak.bytes() / 1e9);
        out.println(ROW.formatted("what", "who", "figure", "", "of FMA", "of read", "beside mme5").stripTrailing());
    }

    /** Prints subjects that did the same work; the first is mme5. */
    public void rows(String name, List<BenchmarkSubject> subjects, List<InterleavedRounds.Times> times) {
        for (int i = 0; i < subjects.size(); i++) {
            BenchmarkSubject subject = subjects.get(i);
            out.println(row(i == 0 ? name : "", subject.implementation(), subject.workload(), times.get(i), times.getFirst()));
        }
    }

    public static String row(String name, String who, Workload workload, InterleavedRounds.Times times, InterleavedRounds.Times ours) {
        double seconds = times.median();
        return ROW.formatted(
                name,
                who,
                number(workload.rate(seconds)),
                workload.unit() + "/s",
                workload.flops() == 0 ? "-" : fraction(times.ofFlops(workload.flops())),
                workload.bytes() == 0 ? "-" : fraction(times.ofBytes(workload.bytes())),
                times == ours ? "" : String.format(Locale.ROOT, "%.2f x", ours.median() / seconds)).stripTrailing();
    }

    /** Three significant digits. */
    static String number(double value) {
        int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String fraction(double value) {
        return String.format(Locale.ROOT, value < 0.01 ? "%.4f" : "%.2f", value);
    }
}
