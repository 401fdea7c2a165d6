package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.ImageKind;
import dev.mme5.benchmarks.subject.ImageSubject;
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

/** Decoding and preprocessing, from the bytes of an image file to the floats of its tiles, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ImageBenchmark {
    @Param
    public ImageKind kind;

    private BenchmarkSubject subject;

    @Setup(Level.Trial)
    public void open() {
        subject = new ImageSubject(kind);
        subject.verify();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        subject.close();
    }

    @Benchmark
    public void prepare() {
        subject.run();
    }
}
