package dev.mme5.benchmarks.jmh;

import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.TokenizerSubject;
import dev.mme5.benchmarks.subject.TokenizerText;
import dev.mme5.tokenizer.Tokenizer;
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

/** Encoding half a megabyte of text, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class TokenizerBenchmark {
    @Param
    public TokenizerText kind;

    /** A folder with a tokenizer.json. */
    @Param(".cache/llama3")
    public String vocabulary;

    private BenchmarkSubject subject;

    @Setup(Level.Trial)
    public void open() {
        subject = new TokenizerSubject(Tokenizer.read(Path.of(vocabulary).resolve("tokenizer.json")), kind);
        subject.verify();
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        subject.close();
    }

    @Benchmark
    public void encode() {
        subject.run();
    }
}
