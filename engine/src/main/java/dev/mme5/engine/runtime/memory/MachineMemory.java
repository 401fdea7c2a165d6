package dev.mme5.engine.runtime.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory that this process may use: the machine's, or less where it runs in a container with a limit (cgroups of version 1 or
 * 2). Java uses its own finding only for the heap's default size; a heap set by hand may go beyond.
 */
public final class MachineMemory {
    /** Taken by a Java process outside its heap: compiled code, classes, stacks, the collector. */
    static final long BESIDE_HEAP = 160L << 20;

    private static final String V2_LIMIT = "memory.max";
    private static final String V1_LIMIT = "memory.limit_in_bytes";

    private final Path root;

    /** @param root {@code /}, or a folder that looks like it */
    MachineMemory(Path root) {
        this.root = root;
    }

    /** Bytes that this process may use, or {@link Long#MAX_VALUE} where nothing is known. */
    public static long here() {
        return new MachineMemory(Path.of("/")).bytes();
    }

    /** Bytes, or {@link Long#MAX_VALUE} where nothing is known, as on systems other than Linux. */
    long bytes() {
        long min = physical();
        for (String line : lines("proc/self/cgroup")) {
            String[] parts = line.split(":", 3);   // hierarchy, controllers, path
            if (parts.length < 3) continue;
            if (parts[1].isEmpty()) min = Math.min(min, limit("sys/fs/cgroup", parts[2], V2_LIMIT));
            if (List.of(parts[1].split(",")).contains("memory")) min = Math.min(min, limit("sys/fs/cgroup/memory", parts[2], V1_LIMIT));
        }
        return min;
    }

    private long physical() {
        for (String line : lines("proc/meminfo")) {
            if (line.startsWith("MemTotal:")) return number(line.replaceAll("[^0-9]", ""), 1024);
        }
        return Long.MAX_VALUE;
    }

    /** The lowest limit of a group and its parents. In a container the group's path may not exist: its mount is its root. */
    private long limit(String mount, String group, String file) {
        long min = Long.MAX_VALUE;
        for (String path = group;; path = path.substring(0, path.lastIndexOf('/'))) {
            List<String> content = lines(mount + path + "/" + file);
            if (!content.isEmpty()) min = Math.min(min, number(content.getFirst().strip(), 1));
            if (path.lastIndexOf('/') < 0) return min;
        }
    }

    /** "max", and what is too large for a long, is no limit. */
    private static long number(String text, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(text), unit);
        } catch (ArithmeticException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
    }
}
