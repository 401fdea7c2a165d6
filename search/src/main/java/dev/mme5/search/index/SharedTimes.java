package dev.mme5.search.index;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Times that many files of an index have in common, to the nanosecond. Unpacked and reproducible images give all files one time, so
 * a file that changes keeps it, and only its content tells.
 */
public final class SharedTimes {
    /** Files that were copied in one tick of the clock may have a time in common by chance. */
    private static final int MAX_FILES = 8;

    private record Times(long modified, long changed) {}

    private final Map<Times, Integer> files = new HashMap<>();

    public SharedTimes(List<IndexEntry> entries) {
        for (IndexEntry entry : entries) {
            for (FileStamp stamp : entry.files()) files.merge(times(stamp), 1, Integer::sum);
        }
    }

    public boolean contains(FileStamp stamp) {
        return files.getOrDefault(times(stamp), 0) > MAX_FILES;
    }

    private static Times times(FileStamp stamp) {
        return new Times(stamp.modified(), stamp.changed());
    }
}
