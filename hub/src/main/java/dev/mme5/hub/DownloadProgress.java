package dev.mme5.hub;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a download is.
 *
 * @param bytes on the disk, with those of earlier runs
 * @param totalBytes of all files that are needed, as far as their sizes are known
 * @param bytesPerSecond of late; 0 when nothing came
 * @param file whose bytes came last; empty before the first
 * @param isComplete whether all files have their names
 */
public record DownloadProgress(long bytes, long totalBytes, double bytesPerSecond, String file, boolean isComplete) {

    /** The time that the rest takes at the present rate. */
    public Optional<Duration> timeLeft() {
        if (isComplete || bytesPerSecond < 1 || totalBytes <= bytes) return Optional.empty();
        return Optional.of(Duration.ofSeconds((long) Math.ceil((totalBytes - bytes) / bytesPerSecond)));
    }

    /** One line for a person: {@code 3.21 of 21.30 GB, 85 MB/s, 3 min 33 s left}. */
    public String describe() {
        StringBuilder line = new StringBuilder();
        boolean isLarge = totalBytes >= 1_000_000_000;
        double unit = isLarge ? 1e9 : 1e6;
        line.append(String.format(Locale.ROOT, "%.2f of %.2f %s", bytes / unit, totalBytes / unit, isLarge ? "GB" : "MB"));
        if (bytesPerSecond >= 1) line.append(String.format(Locale.ROOT, ", %.1f MB/s", bytesPerSecond / 1e6));
        timeLeft().ifPresent(left -> line.append(", ").append(describe(left)).append(" left"));
        return line.toString();
    }

    private static String describe(Duration time) {
        if (time.toHours() > 0) return time.toHours() + " h " + time.toMinutesPart() + " min";
        return time.toMinutes() > 0 ? time.toMinutes() + " min " + time.toSecondsPart() + " s" : time.toSeconds() + " s";
    }
}
