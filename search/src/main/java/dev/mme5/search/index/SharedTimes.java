package dev.mme5.search.index;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Times of files that say nothing about changes, so that only content tells. These are times that many files of an index have in common,
 * and those of file systems that store one time of whole seconds, such as squashfs, ISO 9660 and FAT: programs set that time, and
 * reproducible images give it to all files.
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

    /** Whether a file with these times may have changed since. */
    public boolean sayNothing(FileStamp stamp) {
        boolean isOneTime = stamp.changed() == 0 || stamp.changed() == stamp.modified();
        boolean isWholeSecond = stamp.modified() % TimeUnit.SECONDS.toNanos(1) == 0;
        return isOneTime && isWholeSecond || files.getOrDefault(times(stamp), 0) > MAX_FILES;
    }

    private static Times times(FileStamp stamp) {
        return new Times(stamp.modified(), stamp.changed());
    }
}
