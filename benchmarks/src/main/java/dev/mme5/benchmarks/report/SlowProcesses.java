package dev.mme5.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightFormat;
import dev.mme5.weights.WeightMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Starts fresh processes that run matmuls of random numbers of tokens, then counts those in which the compiler keeps vectors as objects,
 * which makes a kernel 4 to 15 times slower for life. Objects are allocated, so allocation tells, on a busy machine too.
 */
public final class SlowProcesses {
    private static final int IN = 768;
    private static final int OUT = 512;
    private static final int MAX_TOKENS = 300;

    /** More than a matmul that finds its buffers in pools allocates, some 30,000 bytes; less than objects in its least frequent loop. */
    private static final long MAX_BYTES = 100_000;

    /**
     * A matmul that still allocates after so many calls, and so much processor time for each thread, does so for life. Not elapsed time: on
     * a busy machine the compiler may need many seconds for a kernel.
     */
    private static final int PATIENCE_CALLS = 500;

    private static final long PATIENCE_CPU_NANOS = 5_000_000_000L;

    private static final String SLOW = "slow: ";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private SlowProcesses() {}

    /** @param args processes (100, or 50-100), threads, random matmuls in each, "panels", "rows" or "both", options of Java... */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args[0].equals("child")) {
            child(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]), args[4]);
            return;
        }
        int dash = args[0].indexOf('-');
        int first = dash < 0 ? 0 : Integer.parseInt(args[0].substring(0, dash));
        int end = Integer.parseInt(args[0].substring(dash + 1));
        int slow = 0;
        for (int i = first; i < end; i++) {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path")));
            command.addAll(Arrays.asList(args).subList(4, args.length));
            command.addAll(List.of(SlowProcesses.class.getName(), "child", "" + i, args[1], args[2], args[3]));
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
            if (process.waitFor() != 0) throw new IOException("process " + i + " ended with " + process.exitValue() + ": " + lines);
            List<String> found = lines.stream().filter(line -> line.startsWith(SLOW)).toList();
            if (!found.isEmpty()) slow++;
            for (String line : found) System.out.println("process " + i + " " + line);
        }
        System.out.printf("%d of %d processes are slow (%s)%n", slow, end - first, args[3]);
    }

    private static void child(int seed, int threads, int matmuls, String layouts) {
        Random random = new Random(seed);
        try (Arena arena = Arena.ofShared(); Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            Map<String, WeightMatrix> weights = new LinkedHashMap<>();
            if (!layouts.equals("panels")) weights(false, arena).forEach((name, weight) -> weights.put(name + " rows", weight));
            if (!layouts.equals("rows")) weights(true, arena).forEach((name, weight) -> weights.put(name + " panels", weight));
            List<WeightMatrix> all = List.copyOf(weights.values());
            for (int i = 0; i < matmuls; i++) {
                int tokens = 1 + random.nextInt(random.nextBoolean() ? 24 : MAX_TOKENS);
                WeightMatrix weight = all.get(random.nextInt(all.size()));
                kernels.matmul(Matrix.zeros(tokens, IN), weight, Matrix.zeros(tokens, OUT));
            }
            weights.forEach((name, weight) -> {
                for (int tokens = 1; tokens <= MAX_TOKENS; tokens += tokens < 25 ? 1 : 55) report(kernels, name, weight, tokens, threads);
            });
        }
    }

    private static void report(Kernels kernels, String name, WeightMatrix weight, int tokens, int threads) {
        Matrix x = Matrix.zeros(tokens, IN);
        Matrix out = Matrix.zeros(tokens, OUT);
        long start = SYSTEM.getProcessCpuTime();
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < PATIENCE_CALLS || SYSTEM.getProcessCpuTime() - start < threads * PATIENCE_CPU_NANOS; i++) {
            long before = THREADS.getTotalThreadAllocatedBytes();
            kernels.matmul(x, weight, out);
            bytes = THREADS.getTotalThreadAllocatedBytes() - before;
            if (bytes <= MAX_BYTES) return;
        }
        System.out.println(SLOW + name + ", " + tokens + " tokens, " + bytes + " bytes a matmul");
    }

    private static Map<String, WeightMatrix> weights(boolean panels, Arena arena) {
        Map<String, WeightMatrix> weights = new LinkedHashMap<>();
        MappedTensor bf16 = new MappedTensor("", "w", DType.BF16, new Shape(OUT, IN), arena.allocate(2L * OUT * IN, 64));
        weights.put("bf16", panels ? PanelTensor.copyOf(bf16, arena) : bf16);
        weights.put("int8", quantized(QuantizationScheme.INT8, panels, arena));
        weights.put("int4", quantized(QuantizationScheme.INT4, panels, arena));
        return weights;
    }

    private static QuantizedTensor quantized(QuantizationScheme scheme, boolean panels, Arena arena) {
        Shape shape = new WeightFormat(scheme, panels).shape(OUT, IN);
        MappedTensor codes = new MappedTensor("", "w", scheme.dtype(), shape, arena.allocate(shape.elements(), 64));
        Shape groups = new Shape(scheme.groups(IN), OUT);
        MappedTensor scales = new MappedTensor("", "s", DType.I8, groups, arena.allocate(groups.elements(), 64));
        return new QuantizedTensor(scheme, IN, codes, scales, MappedTensor.ofFloats("r", new float[OUT], OUT));
    }
}
