package dev.mme5.cli.terminal;

import dev.mme5.cli.context.CommandContext;
import java.util.Locale;

/** A line on the terminal with the progress of a long run: count, rate, time left. It is erased at the end. */
public final class ProgressLine {
    /** Shorter runs end before anyone could read the line. */
    private static final int MIN_DONE = 3;

    private static final double SECONDS_BETWEEN = 0.2;
    private static final String ERASE = "\r\u001b[K";

    private final CommandContext context;
    private final boolean enabled;
    private final long start = System.nanoTime();
    private final String unit;
    private final long doneBefore;
    private final double fractionBefore;
    private double lastUpdate;
    private boolean onScreen;

    public ProgressLine(CommandContext context, boolean quiet) {
        this(context, quiet, 0, 0);
    }

    /** @param unit what is counted, instead of inputs */
    public ProgressLine(CommandContext context, boolean quiet, String unit) {
        this(context, quiet, 0, 0, unit);
    }

    /**
     * @param doneBefore number of inputs of earlier runs
     * @param fractionBefore the part of all inputs that this is, from 0 to 1; NaN if unknown
     */
    public ProgressLine(CommandContext context, boolean quiet, long doneBefore, double fractionBefore) {
        this(context, quiet, doneBefore, fractionBefore, "inputs");
    }

    private ProgressLine(CommandContext context, boolean quiet, long doneBefore, double fractionBefore, String unit) {
        this.context = context;
        this.unit = unit;
        this.doneBefore = doneBefore;
        this.fractionBefore = fractionBefore;
        this.enabled = context.terminal() && !quiet;
    }

    /**
     * @param done number of finished inputs
     * @param fraction the part of all inputs that this is, from 0 to 1; NaN if unknown
     */
    public void update(long done, double fraction) {
        if (!enabled || done <= MIN_DONE) return;
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (seconds - lastUpdate < SECONDS_BETWEEN) return;

        lastUpdate = seconds;
        onScreen = true;
        context.err().print(ERASE + line(done, fraction, seconds));
        context.err().flush();
    }

    /**
     * The progress of a run that is measured in bytes. May be called by any thread.
     *
     * @param done finished bytes
     * @param all bytes of the whole run
     */
    public synchronized void updateBytes(long done, long all) {
        if (!enabled) return;
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (seconds - lastUpdate < SECONDS_BETWEEN) return;

        lastUpdate = seconds;
        onScreen = true;
        double fraction = all == 0 ? 1 : (double) done / all;
        context.err().print(ERASE + String.format(Locale.ROOT, "%s of %s, %.0f MB/s, %s left", Table.size(done), Table.size(all),
                done / seconds / 1e6, duration(seconds * (1 - fraction) / Math.max(fraction, 1e-9))));
        context.err().flush();
    }

    /** Shows progress that the caller has put into words. May be called by any thread. */
    public synchronized void show(String text) {
        if (!enabled) return;
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (seconds - lastUpdate < SECONDS_BETWEEN) return;

        lastUpdate = seconds;
        onScreen = true;
        context.err().print(ERASE + text);
        context.err().flush();
    }

    /** Erases the line. Must be called before other text is written to the terminal, and at the end. */
    public synchronized void erase() {
        if (!onScreen) return;
        onScreen = false;
        context.err().print(ERASE);
        context.err().flush();
    }

    private String line(long done, double fraction, double seconds) {
        return line(done, doneBefore, unit, fraction, fractionBefore, seconds);
    }

    static String line(long done, long doneBefore, String unit, double fraction, double fractionBefore, double seconds) {
        String soFar = String.format(Locale.ROOT, "%,d %s, %.1f/s", done, unit, (done - doneBefore) / seconds);
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
