package dev.mme5.hub.transfer;

import dev.mme5.hub.net.PermanentFailure;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Refuses a download that the disk has no space for, before it begins. */
public final class DiskSpace {
    private DiskSpace() {}

    /** Of two counts of bytes; {@link Long#MAX_VALUE} where it would overflow, so that impossible sizes are refused as such. */
    public static long sum(long bytes, long more) {
        return bytes > Long.MAX_VALUE - more ? Long.MAX_VALUE : bytes + more;
    }

    /**
     * @param folder may not exist yet
     */
    public static void require(Path folder, long bytes) throws IOException {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) existing = existing.getParent();
        FileStore store = Files.getFileStore(existing);
        long usable = store.getUsableSpace();
        if (bytes <= usable || store.getTotalSpace() == 0) return;   // some network file systems do not say
        throw new PermanentFailure(
                PermanentFailure.Problem.NO_SPACE,
                String.format(Locale.ROOT, "%s has %.2f GB of free space, and %.2f GB are to come", folder, usable / 1e9, bytes / 1e9));
    }
}
