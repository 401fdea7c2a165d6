package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.weights.StoredMatmul;
import dev.mme5.benchmarks.weights.StoredWeight;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Matmuls with weights as folders store them, at the model's shapes, in interleaved rounds with each other and with the peaks. */
@Command(
        name = "weights",
        mixinStandardHelpOptions = true,
        description = "Measures matrix products with weights in panels and in rows, of each type, beside the machine's peaks.")
public final class WeightsBench implements Callable<Integer> {
    /** Two gigabytes, the most that an array holds. */
    private static final int MAX_FLOATS = Integer.MAX_VALUE / Float.BYTES;

    private final PrintStream out;

    @Option(names = "--weights", paramLabel = "FORM", split = ",", defaultValue = "bf16_panels,int8_panels,int4_panels",
            description = "bf16_panels, int8_panels, int4_panels, bf16_rows, int8_rows, int4_rows, f32_panels; default: the first three")
    private List<StoredWeight> forms;

    @Option(names = "--shapes", paramLabel = "INxOUT", split = ",",
            defaultValue = "4096x14336,14336x4096,4096x4096,1280x5120,5120x1280", description = "default: ${DEFAULT-VALUE}")
    private List<String> shapes;

    @Option(names = "--tokens", paramLabel = "N", split = ",", defaultValue = "1,4,8,12,20,32,128,512",
            description = "default: ${DEFAULT-VALUE}")
    private List<Integer> tokens;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the kernels; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--quick", description = "a third of the time: noisier, and some kernels may not be compiled in time")
    private boolean quick;

    public WeightsBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        checkOptions();
        Supplier<InterleavedRounds.Peak> probe = InterleavedRounds.Peak.probes(threads);
        BenchTable table = new BenchTable(out);
        table.head(BenchCommand.machine(), probe.get(), threads);
        try (Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            for (String shape : shapes) measure(MatmulShape.parse("1x" + shape), kernels, probe, table);
        }
        return 0;
    }

    /** @throws IllegalArgumentException if a number is too small, or too large for an array */
    private void checkOptions() {
        if (threads < 1) throw new IllegalArgumentException("--threads " + threads + ": expected at least 1");
        for (int count : tokens) {
            if (count < 1) throw new IllegalArgumentException("--tokens " + count + ": expected at least 1");
        }
        for (String shape : shapes) {
            if (!shape.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("--shapes " + shape + ": expected INxOUT, such as 4096x14336");
            }
            MatmulShape parsed = MatmulShape.parse("1x" + shape);
            if ((long) parsed.in() * parsed.out() > MAX_FLOATS) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "--shapes %s: expected at most %,d weights", shape, MAX_FLOATS));
            }
            int maxTokens = MAX_FLOATS / Math.max(parsed.in(), parsed.out());
            for (int count : tokens) {
                if (count <= maxTokens) continue;
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "--tokens %d: expected at most %,d with --shapes %s", count, maxTokens, shape));
            }
        }
    }

    private void measure(MatmulShape shape, Kernels kernels, Supplier<InterleavedRounds.Peak> probe, BenchTable table) {
        Map<StoredWeight, StoredMatmul.Expected> expected = new EnumMap<>(StoredWeight.class);
        for (StoredWeight form : forms) expected.put(form, StoredMatmul.Expected.of(form, shape.in(), shape.out()));
        for (int count : tokens) {
            List<BenchmarkSubject> subjects = new ArrayList<>();
            for (StoredWeight form : forms) subjects.add(new StoredMatmul(form, expected.get(form), count, kernels));
            table.rows("product " + new MatmulShape(count, shape.in(), shape.out()), subjects, InterleavedRounds.measure(subjects, probe,
                    quick ? InterleavedRounds.Effort.NORMAL : InterleavedRounds.Effort.LONG));
        }
    }
}
