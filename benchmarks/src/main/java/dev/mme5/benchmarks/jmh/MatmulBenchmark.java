package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.peer.MatmulPeer;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
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

/** Matmuls of mme5 and its peers at every shape of the 11B model. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class MatmulBenchmark {
    @Param({
        "1x4096x14336", "8x4096x14336", "32x4096x14336", "128x4096x14336", "512x4096x14336", "1032x4096x14336", "1608x4096x14336",
        "1x14336x4096", "8x14336x4096", "32x14336x4096", "128x14336x4096", "512x14336x4096", "1032x14336x4096", "1608x14336x4096",
        "1x4096x4096", "8x4096x4096", "32x4096x4096", "128x4096x4096", "512x4096x4096", "1032x4096x4096", "1608x4096x4096",
        "1x4096x1024", "8x4096x1024", "32x4096x1024", "128x4096x1024", "512x4096x1024", "1032x4096x1024", "1608x4096x1024",
        "1x1280x5120", "8x1280x5120", "32x1280x5120", "128x1280x5120", "512x1280x5120", "1032x1280x5120", "1608x1280x5120",
        "1x5120x1280", "8x5120x1280", "32x5120x1280", "128x5120x1280", "512x5120x1280", "1032x5120x1280", "1608x5120x1280",
        "1025x7680x4096", "4100x7680x4096"
    })
    public String tokensInOut;

    @Param({"MME5", "JLAMA", "VECTOR_BLAS"})
    public MatmulPeer peer;

    @Param({"1", "2"})
    public int threads;

    private BenchmarkSubject subject;

    @Setup(Level.Trial)
    public void open() {
        subject = peer.open(MatmulInputs.of(MatmulShape.parse(tokensInOut)), threads);
        subject.verify();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        subject.close();
    }

    @Benchmark
    public void multiply() {
        subject.run();
    }
}
