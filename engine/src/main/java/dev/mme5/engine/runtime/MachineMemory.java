package dev.mme5.engine.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory this process may use: that of the machine, or less where it runs in a container with a limit (cgroups of
 * version 1 or 2). Java's own idea of it is only used for the heap's default size; a heap set by hand may go beyond.
 */
final class MachineMemory {
    /** What a Java process takes beside its heap: compiled code, classes, stacks, the collector. */
    static final long BESIDE_HEAP = 160L << 20;

    private static final String V2_LIMIT = "memory.max";
    private static final String V1_LIMIT = "memory.limit_in_bytes";

    private final Path root;

    /** @param root {@code /}, or a folder that looks like it */
    MachineMemory(Path root) {
        this.root = root;
    }

    /** Bytes, or {@link Long#MAX_VALUE} where nothing is known, as on systems other than Linux. */
    long bytes() {
        long least = physical();
        for (String line : lines("proc/self/cgroup")) {
            String[] parts = line.split(":", 3);   // hierarchy, controllers, path
            if (parts.length < 3) continue;
            if (parts[1].isEmpty()) least = Math.min(least, limit("sys/fs/cgroup", parts[2], V2_LIMIT));
            if (List.of(parts[1].split(",")).contains("memory")) least = Math.min(least, limit("sys/fs/cgroup/memory", parts[2], V1_LIMIT));
        }
        return least;
    }

    private long physical() {
        for (String line : lines("proc/meminfo")) {
            if (line.startsWith("MemTotal:")) return number(line.replaceAll("[^0-9]", ""), 1024);
        }
        return Long.MAX_VALUE;
    }

    /** The least limit of a group and of those that it is part of. In a container the group's path may not exist: its mount is its root. */
    private long limit(String mount, String group, String file) {
        long least = Long.MAX_VALUE;
        for (String path = group;; path = path.substring(0, path.lastIndexOf('/'))) {
            List<String> content = lines(mount + path + "/" + file);
            if (!content.isEmpty()) least = Math.min(least, number(content.getFirst().strip(), 1));
            if (path.lastIndexOf('/') < 0) return least;
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
