package dev.mme5.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mme5.benchmarks.peer.MatmulPeer;
import dev.mme5.benchmarks.probe.InterleavedRounds.Peak;
import dev.mme5.benchmarks.probe.InterleavedRounds.Times;
import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.report.BenchTable;
import dev.mme5.benchmarks.subject.AttentionShape;
import dev.mme5.benchmarks.subject.AttentionSubject;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.ImageKind;
import dev.mme5.benchmarks.subject.ImageSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.RowOperation;
import dev.mme5.benchmarks.subject.RowSubject;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The arithmetic of the table, and the checks of results. */
class ReportTest {
    private static final Peak FAST = new Peak(200e9, 30e9);
    private static final Peak SLOW = new Peak(100e9, 10e9);

    @Test
    void theMedianIsTheMiddleValue() {
        assertThat(InterleavedRounds.median(new double[] {9, 1, 2})).isEqualTo(2);
        assertThat(InterleavedRounds.median(new double[] {9, 1, 2, 4})).isEqualTo(3);
    }

    /** While the machine was half as fast, so was the subject: the fraction is the same in both rounds. */
    @Test
    void aFractionComparesWithThePeakOfTheSameRound() {
        Times times = new Times(new double[] {0.5, 1, 0.5}, List.of(FAST, SLOW, FAST));

        assertThat(times.median()).isEqualTo(0.5);
        assertThat(times.ofFlops(80e9)).isCloseTo(0.8, within(1e-12));
        assertThat(times.ofBytes(3e9)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void aRowHasTheFigureItsFractionsAndTheSpeedOfThePeer() {
        Times ours = new Times(new double[] {0.5}, List.of(FAST));
        Times peer = new Times(new double[] {2}, List.of(FAST));
        Workload matmul = Workload.ofFlops(80e9, 3e9);

        assertThat(BenchTable.row("product", "mme5", matmul, ours, ours).split(" +"))
                .containsExactly("product", "mme5", "160", "GFLOP/s", "0.80", "0.20");
        assertThat(BenchTable.row("", "jlama", matmul, peer, ours).trim().split(" +"))
                .containsExactly("jlama", "40.0", "GFLOP/s", "0.20", "0.05", "0.25", "x");
        assertThat(BenchTable.row("text", "mme5", new Workload(0, 1e6, 1, "MB"), ours, ours).split(" +"))
                .containsExactly("text", "mme5", "2.00", "MB/s", "-", "0.0001");
    }

    /** What the whole command does to a block of its table, without the seconds that probes of the machine take. */
    @Test
    void aSubjectIsCheckedOnceItIsWarmThenMeasuredBetweenProbes() {
        List<String> events = new ArrayList<>();
        BenchmarkSubject subject = new SlowSubject(events);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BenchTable table = new BenchTable(new PrintStream(out, true, StandardCharsets.UTF_8));

        List<Times> times = InterleavedRounds.measure(List.of(subject), () -> {
            events.add("probe");
            return FAST;
        }, InterleavedRounds.Effort.QUICK);
        table.head("a machine", FAST, 2);
        table.rows("sleep", List.of(subject), times);

        assertThat(String.join(" ", events)).matches("(run )+check( probe run probe)+");
        assertThat(times.getFirst().peaks()).hasSameSizeAs(times.getFirst().seconds()).containsOnly(FAST);
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).satisfiesExactly(
                line -> assertThat(line).isEqualTo("a machine; 2 threads; peak 200.0 GFLOP/s of float32, 30.0 GB/s read"),
                line -> assertThat(line).isEmpty(),
                line -> assertThat(line.split("  +")).containsExactly("what", "who", "figure", "of FMA of read", "beside mme5"),
                line -> assertThat(line).matches("sleep +mme5 +[\\d.]+ GFLOP/s +0\\.\\d+ +0\\.\\d+"));
    }

    /** Takes longer than a turn should, so that it runs once in each. */
    private record SlowSubject(List<String> events) implements BenchmarkSubject {
        private static final long MILLIS = 120;

        @Override
        public void run() {
            LockSupport.parkNanos(MILLIS * 1_000_000);
            events.add("run");
        }

        @Override
        public void check() {
            events.add("check");
        }

        @Override
        public Workload workload() {
            return Workload.ofFlops(1e10, 1e9);
        }
    }

    @Test
    void workloadsAreThoseOfTheShapes() {
        assertThat(MatmulShape.parse("512x4096x14336").workload())
                .isEqualTo(Workload.ofFlops(2.0 * 512 * 4096 * 14336, 2.0 * 4096 * 14336 + 4.0 * 512 * (4096 + 14336)));
        assertThat(AttentionShape.VISION_4128.workload().flops()).isEqualTo(4.0 * 4128 * 4128 * 1280);
        assertThat(AttentionShape.TEXT_20.workload().flops()).isEqualTo(4.0 * 210 * 4096);
        assertThat(RowOperation.SILU_TIMES.workload().bytes()).isEqualTo(3 * 4.0 * 512 * 14336);
    }

    @Test
    void everyShapeIsMeasuredOnce() {
        assertThat(MatmulShape.all()).hasSize(6 * 7 + 2).doesNotHaveDuplicates().contains(new MatmulShape(1608, 5120, 1280));
    }

    @ParameterizedTest
    @EnumSource
    void everyPeerMultipliesCorrectlyOnThisJdk(MatmulPeer peer) {
        for (int threads = 1; threads <= 2; threads++) {
            try (BenchmarkSubject subject = peer.open(MatmulInputs.of(new MatmulShape(3, 256, 96)), threads)) {
                subject.verify();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 95", "1, 48"})
    void aWrongMatmulOutputIsNoticed(int token, int output) {
        MatmulInputs inputs = MatmulInputs.of(new MatmulShape(3, 256, 96));
        Matrix out = Matrix.zeros(3, 96);
        new ReferenceKernels().matmul(inputs.x(), inputs.weight(), out);
        inputs.check(out);

        out.set(token, output, out.at(token, output) + 0.01f);

        assertThatThrownBy(() -> inputs.check(out))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("product 3x256x96, token " + token + ", output " + output + ": expected ");
    }

    @ParameterizedTest
    @EnumSource
    void rowOperationsAgreeWithTheReferenceKernelsWhenRepeated(RowOperation operation) {
        try (RowSubject subject = new RowSubject(operation, 2)) {
            for (int i = 0; i < 3; i++) subject.run();
            subject.check();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TEXT_20", "TEXT_256"})
    void attentionAgreesWithTheReferenceKernels(AttentionShape shape) {
        try (BenchmarkSubject subject = new AttentionSubject(shape, 2)) {
            subject.verify();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PNG_800X599", "JPEG_800X599"})
    void imagesAreDecodedCorrectly(ImageKind kind) {
        new ImageSubject(kind).verify();
    }

    @Tag("thorough")
    @Test
    void aSmallReportHasEveryPart() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);

        int status = Main.run(new String[] {"--quick", "--threads", "1", "--filter", "rows rms|tokenizer english"}, stream, stream);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anySatisfy(line -> assertThat(line).matches("Java \\d+ on .*, vectors of \\d+ bit; 1 threads; peak .* GFLOP/s .*"))
                .anySatisfy(line -> assertThat(line).startsWith("rows rms norm").contains("GB/s"))
                .anySatisfy(line -> assertThat(line).startsWith("tokenizer english").contains("MB/s"));
        assertThat(status).isZero();
    }

    @Test
    void aFilterThatMatchesNothingIsWrongUse() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);

        assertThat(Main.run(new String[] {"--filter", "nonsense"}, stream, stream)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("mme5 bench: --filter 'nonsense' leaves nothing to measure\n");
    }
}
