package dev.mme5.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table for people. Each column is as wide as its widest cell. */
public final class Table {
    private final List<String[]> rows = new ArrayList<>();
    private List<Integer> numbers = List.of();

    /** Sets the columns that are aligned to the right. */
    public Table numbers(Integer... columns) {
        numbers = List.of(columns);
        return this;
    }

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** A whole number, such as {@code 1,234}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Bytes, such as {@code 1.2 MB}. */
    public static String size(long bytes) {
        if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        if (bytes < 1_000_000_000) return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    /** Heap in MB of 2^20 bytes, like {@code -Xmx}, rounded up. */
    public static String heap(long bytes) {
        return String.format(Locale.ROOT, "%,d MB", Math.ceilDiv(bytes, 1 << 20));
    }

    @Override
    public String toString() {
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) widths[i] = Math.max(widths[i], row[i].length());
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String space = " ".repeat(widths[i] - row[i].length());
                line.append(numbers.contains(i) ? space + row[i] : row[i] + space).append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
