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
    private final PrintStream out;

    @Option(names = "--weights", paramLabel = "FORM", split = ",", defaultValue = "bf16_panels,int8_panels,int4_panels",
            description = "of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
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
        for (String shape : shapes) {
            if (!shape.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("--shapes " + shape + ": expected INxOUT, such as 4096x14336");
            }
        }
        for (int count : tokens) {
            if (count < 1) throw new IllegalArgumentException("--tokens " + count + ": expected at least 1");
        }
        Supplier<InterleavedRounds.Peak> probe = InterleavedRounds.Peak.probes(threads);
        BenchTable table = new BenchTable(out);
        table.head(BenchCommand.machine(), probe.get(), threads);
        try (Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            for (String shape : shapes) measure(MatmulShape.parse("1x" + shape), kernels, probe, table);
        }
        return 0;
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
