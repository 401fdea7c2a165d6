package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.subject.AttentionShape;
import dev.mme5.benchmarks.subject.AttentionSubject;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Attention of the vision encoder and of the decoder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class AttentionBenchmark {
    @Param
    public AttentionShape shape;

    @Param({"1", "2"})
    public int threads;

    private BenchmarkSubject subject;

    @Setup(Level.Trial)
    public void open() {
        subject = new AttentionSubject(shape, threads);
        subject.verify();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        subject.close();
    }

    @Benchmark
    public void attend() {
        subject.run();
    }
}
