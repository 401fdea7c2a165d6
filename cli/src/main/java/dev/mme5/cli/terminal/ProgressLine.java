package dev.mme5.cli.terminal;

import dev.mme5.cli.option.CommandContext;
import java.util.Locale;

/** A line on the terminal that says how far a long run has come: count, rate, time left. It is gone in the end. */
public final class ProgressLine {
    /** Fewer inputs are done before anyone has read the line. */
    private static final int FEW = 3;

    private static final double SECONDS_BETWEEN = 0.2;
    private static final String ERASE = "\r\u001b[K";

    private final CommandContext console;
    private final boolean shown;
    private final long start = System.nanoTime();
    private final String what;
    private final long doneBefore;
    private final double fractionBefore;
    private double lastAt;
    private boolean onScreen;

    public ProgressLine(CommandContext console, boolean quiet) {
        this(console, quiet, 0, 0);
    }

    /** @param what is counted, instead of inputs */
    public ProgressLine(CommandContext console, boolean quiet, String what) {
        this(console, quiet, 0, 0, what);
    }

    /**
     * @param doneBefore how many inputs an earlier run did
     * @param fractionBefore how much of everything that was; NaN when nobody knows
     */
    public ProgressLine(CommandContext console, boolean quiet, long doneBefore, double fractionBefore) {
        this(console, quiet, doneBefore, fractionBefore, "inputs");
    }

    private ProgressLine(CommandContext console, boolean quiet, long doneBefore, double fractionBefore, String what) {
        this.console = console;
        this.what = what;
        this.doneBefore = doneBefore;
        this.fractionBefore = fractionBefore;
        this.shown = console.terminal() && !quiet;
    }

    /**
     * @param done how many inputs are done
     * @param fraction how much of everything that is, from 0 to 1; NaN when nobody knows
     */
    public void update(long done, double fraction) {
        if (!shown || done <= FEW) return;
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (seconds - lastAt < SECONDS_BETWEEN) return;

        lastAt = seconds;
        onScreen = true;
        console.err().print(ERASE + line(done, fraction, seconds));
        console.err().flush();
    }

    /**
     * Of a run that is measured in bytes; any thread may tell.
     *
     * @param done how many of them are done
     */
    public synchronized void updateBytes(long done, long all) {
        if (!shown) return;
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (seconds - lastAt < SECONDS_BETWEEN) return;

        lastAt = seconds;
        onScreen = true;
        double fraction = all == 0 ? 1 : (double) done / all;
        console.err().print(ERASE + String.format(Locale.ROOT, "%s of %s, %.0f MB/s, %s left", Table.size(done), Table.size(all),
                done / seconds / 1e6, duration(seconds * (1 - fraction) / Math.max(fraction, 1e-9))));
        console.err().flush();
    }

    /** Before anything else is written to the terminal, and at the end. */
    public void erase() {
        if (!onScreen) return;
        onScreen = false;
        console.err().print(ERASE);
        console.err().flush();
    }

    private String line(long done, double fraction, double seconds) {
        return line(done, doneBefore, what, fraction, fractionBefore, seconds);
    }

    static String line(long done, long doneBefore, String what, double fraction, double fractionBefore, double seconds) {
        String soFar = String.format(Locale.ROOT, "%,d %s, %.1f/s", done, what, (done - doneBefore) / seconds);
        if (!(fraction > fractionBefore)) return soFar;
        double left = seconds * (1 - fraction) / (fraction - fractionBefore);
        return soFar + String.format(Locale.ROOT, ", %.0f %%, %s left", 100 * fraction, duration(left));
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) return whole + " s";
        if (whole < 3600) return "%d min %02d s".formatted(whole / 60, whole % 60);
        return "%d h %02d min".formatted(whole / 3600, whole / 60 % 60);
    }
}
