package dev.mme5.engine.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that look like those of machines and containers. */
class MachineMemoryTest {
    private static final long MB = 1 << 20;

    @TempDir
    Path root;

    @Test
    void aMachineHasWhatItSays() throws IOException {
        file("proc/meminfo", "MemTotal:        4046848 kB\nMemFree:          123 kB\n");
        file("proc/self/cgroup", "0::/user.slice\n");
        file("sys/fs/cgroup/user.slice/memory.max", "max\n");

        assertThat(bytes()).isEqualTo(4046848L * 1024);
    }

    @Test
    void theLeastLimitOfAGroupAndThoseAroundItCounts() throws IOException {
        file("proc/meminfo", "MemTotal:        4046848 kB\n");
        file("proc/self/cgroup", "0::/a/b/c\n");
        file("sys/fs/cgroup/a/memory.max", "900\n");
        file("sys/fs/cgroup/a/b/memory.max", Long.toString(700 * MB));
        file("sys/fs/cgroup/a/b/c/memory.max", Long.toString(800 * MB));

        assertThat(bytes()).isEqualTo(900);
        file("sys/fs/cgroup/a/memory.max", "max\n");
        assertThat(bytes()).isEqualTo(700 * MB);
    }

    @Test
    void aContainerSeesItsLimitAtTheRootOfItsMount() throws IOException {
        file("proc/self/cgroup", "0::/\n");
        file("sys/fs/cgroup/memory.max", Long.toString(512 * MB));

        assertThat(bytes()).isEqualTo(512 * MB);
    }

    @Test
    void versionOneHasAControllerForMemory() throws IOException {
        file("proc/meminfo", "MemTotal:        4046848 kB\n");
        file("proc/self/cgroup", "12:cpu,cpuacct:/docker/x\n5:memory:/docker/x\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", Long.toString(300 * MB));
        file("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "9223372036854771712\n");

        assertThat(bytes()).isEqualTo(300 * MB);
    }

    @Test
    void whereNothingIsKnownThereIsNoLimit() throws IOException {
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
        file("proc/self/cgroup", "nonsense\n0::/a\n");
        file("sys/fs/cgroup/a/memory.max", "99999999999999999999999\n");
        assertThat(bytes()).isEqualTo(Long.MAX_VALUE);
    }

    private long bytes() {
        return new MachineMemory(root).bytes();
    }

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
