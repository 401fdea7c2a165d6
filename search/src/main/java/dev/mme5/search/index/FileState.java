package dev.mme5.search.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the file system says about a file without reading it.
 *
 * @param isRegular whether it is a regular file
 * @param size in bytes
 * @param modified last modification, which programs may set, in nanoseconds since 1970
 * @param changed last change of its content or its attributes, which only the system sets, in nanoseconds since 1970; 0 if the
 *     system does not tell it
 */
record FileState(boolean isRegular, long size, long modified, long changed) {
    static FileState of(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileState(basic.isRegularFile(), basic.size(), nanos(basic.lastModifiedTime()), 0);
        }
        Map<String, Object> unix = Files.readAttributes(file, "unix:isRegularFile,size,lastModifiedTime,ctime");
        return new FileState(
                (Boolean) unix.get("isRegularFile"),
                (Long) unix.get("size"),
                nanos((FileTime) unix.get("lastModifiedTime")),
                nanos((FileTime) unix.get("ctime")));
    }

    private static long nanos(FileTime time) {
        return Math.max(0, time.to(TimeUnit.NANOSECONDS));
    }

    /**
     * Whether another change now would show in the times. Clocks of file systems tick: many count seconds, some two, those with
     * fractions of a second at least every 10 ms.
     */
    boolean isSettled(long now) {
        return modified > 0 && now - modified > tick(0) && now - changed > tick(changed);
    }

    private static long tick(long time) {
        boolean hasFraction = time % TimeUnit.SECONDS.toNanos(1) != 0;
        return hasFraction ? TimeUnit.MILLISECONDS.toNanos(50) : TimeUnit.SECONDS.toNanos(2);
    }
}
