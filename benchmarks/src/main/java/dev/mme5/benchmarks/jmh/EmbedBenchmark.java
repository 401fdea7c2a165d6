package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.checkpoint.BenchmarkModel;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.EmbedInputs;
import dev.mme5.benchmarks.subject.EmbedSubject;
import java.io.IOException;
import java.nio.file.Path;
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

/** Whole embeddings, on a checkpoint of real widths with few layers ({@link BenchmarkModel}). */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx4g"})
public class EmbedBenchmark {
    @Param({"TEXT_20", "TEXT_256", "TEXTS_32_X_20", "TEXTS_32_X_256", "IMAGE_1_TILE", "IMAGE_4_TILES"})
    public EmbedInputs inputs;

    @Param({"1", "2"})
    public int threads;

    private BenchmarkSubject subject;

    @Setup(Level.Trial)
    public void open() throws IOException {
        subject = new EmbedSubject(BenchmarkModel.folder(Path.of("")), inputs, threads);
        subject.verify();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        subject.close();
    }

    /** One call with all inputs; the cache of vision states is off. */
    @Benchmark
    public void embed() {
        subject.run();
    }
}
