package dev.mme5.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A run of the command in a process of its own, as {@code ./mme5} starts it, and what it cost.
 *
 * @param status the exit status
 * @param wall from the start of the process to its end
 * @param cpu processor time of all its threads
 */
record MeasuredRun(int status, String out, String err, Duration wall, Duration cpu) {
    /**
     * The time it took, or where that is less, the processors' time for all its threads: on an idle machine the former, on one that
     * is busy with other things the latter.
     */
    Duration cost() {
        return cpu.compareTo(wall) < 0 ? cpu : wall;
    }

    /** @throws AssertionError when it does not end */
    static MeasuredRun of(int heapMegabytes, Path scratch, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(CliJvm.command(arguments));
        command.set(command.indexOf("-Xmx512m"), "-Xmx" + heapMegabytes + "m");
        Path out = scratch.resolve("out");
        Path err = scratch.resolve("err");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectOutput(out.toFile())
                .redirectError(err.toFile()).start();
        Duration cpu = Duration.ZERO;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            cpu = process.info().totalCpuDuration().orElse(cpu);
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(3)) {
                process.destroyForcibly();
                throw new AssertionError(arguments + " does not end");
            }
        }
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        // The JVM announces its incubator module; the launcher filters that line.
        String errors = Files.readString(err).lines().filter(line -> !line.startsWith("WARNING: Using incubator"))
                .collect(Collectors.joining("\n"));
        return new MeasuredRun(process.exitValue(), Files.readString(out), errors, wall, cpu);
    }
}
