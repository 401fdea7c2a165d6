package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.probe.PeakProbe;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The peaks of the machine, to compare the other benchmarks with. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
public class PeakBenchmark {
    @Param({"1", "2"})
    public int threads;

    private PeakProbe probe;

    @Setup(Level.Trial)
    public void open() {
        probe = new PeakProbe(threads);
    }

    /** {@link PeakProbe#OPERATIONS} in each thread. */
    @Benchmark
    public float multiplyAdd() {
        return probe.multiplyAdd();
    }

    /** {@link PeakProbe#BYTES} in each thread. */
    @Benchmark
    public float read() {
        return probe.read();
    }
}
