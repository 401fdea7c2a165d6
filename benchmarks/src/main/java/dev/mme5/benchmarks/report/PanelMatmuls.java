package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.probe.PeakProbe;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Matmuls with weights in panels and in rows at the model's shapes, in interleaved rounds with the machine's peaks. Prints median and
 * best over the rounds of the fraction of the peak in the same round: of multiply-adds, for one token of reading memory.
 */
public final class PanelMatmuls {
    private static final int[][] SHAPES = {{4096, 14_336}, {14_336, 4096}, {4096, 4096}, {1280, 5120}, {5120, 1280}};

    /** Of one measurement. */
    private static final double SECONDS = 0.02;

    private final Kernels kernels;
    private final PeakProbe probe;
    private final int rounds;

    private PanelMatmuls(Kernels kernels, PeakProbe probe, int rounds) {
        this.kernels = kernels;
        this.probe = probe;
        this.rounds = rounds;
    }

    /** @param args threads, rounds, weights (a part of their names, or "all"), tokens... */
    public static void main(String[] args) {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        String wanted = args.length > 2 && !args[2].equals("all") ? args[2] : "";
        int[] tokens = Arrays.stream(args).skip(3).mapToInt(Integer::parseInt).toArray();
        if (tokens.length == 0) tokens = new int[] {1, 4, 8, 12, 20, 32, 128, 512};
        try (Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            System.out.printf("%d threads, medians of %d rounds, Java %s%n", threads, rounds, System.getProperty("java.version"));
            for (int[] shape : SHAPES) new PanelMatmuls(kernels, new PeakProbe(threads), rounds).measure(shape[0], shape[1], wanted, tokens);
        }
    }

    private void measure(int in, int out, String wanted, int[] tokens) {
        try (Arena arena = Arena.ofShared()) {
            Map<String, WeightMatrix> weights = new LinkedHashMap<>();
            MappedTensor bf16 = new MappedTensor("", "w", DType.BF16, new Shape(out, in), bytes(2L * out * in, arena));
            weights.put("bf16 rows", bf16);
            weights.put("bf16 panels", PanelTensor.copyOf(bf16, arena));
            System.out.printf("%15s %9s %7s", in + " -> " + out, "f32 peak", "GB/s");
            weights.keySet().removeIf(name -> !name.contains(wanted));
            weights.keySet().forEach(name -> System.out.printf(" %12s", name));
            System.out.println();
            for (int m : tokens) measure(m, weights, in, out);
        }
    }

    private void measure(int m, Map<String, WeightMatrix> weights, int in, int out) {
        Random random = new Random(m);
        Matrix x = Matrix.zeros(m, in);
        for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextGaussian();
        Matrix y = Matrix.zeros(m, out);
        double flops = 2.0 * m * in * out;
        int repeats = (int) Math.clamp(SECONDS * 1.5e11 / flops, 1, 2000);
        List<Double> peaks = new ArrayList<>();
        List<Double> reads = new ArrayList<>();
        Map<String, List<Double>> fractions = new LinkedHashMap<>();
        for (int round = -2; round < rounds; round++) {
            double peak = probe.flops();
            double read = m == 1 ? probe.bytes() : 0;
            for (Map.Entry<String, WeightMatrix> weight : weights.entrySet()) {
                long start = System.nanoTime();
                for (int i = 0; i < repeats; i++) kernels.matmul(x, weight.getValue(), y);
                double seconds = (System.nanoTime() - start) / 1e9 / repeats;
                double fraction = m == 1 ? bytes(weight.getValue()) / seconds / read : flops / seconds / peak;
                if (round >= 0) fractions.computeIfAbsent(weight.getKey(), any -> new ArrayList<>()).add(fraction);
            }
            peaks.add(peak);
            reads.add(read);
        }
        System.out.printf("%15s %9.1f %7.1f", m, median(peaks) / 1e9, median(reads) / 1e9);
        fractions.values().forEach(values -> System.out.printf("  %4.2f (%4.2f)", median(values), Collections.max(values)));
        System.out.println();
    }

    private static double bytes(WeightMatrix weight) {
        return switch (weight) {
            case MappedTensor rows -> rows.bytes().byteSize();
            case PanelTensor panels -> panels.panels().bytes().byteSize();
            default -> throw new IllegalArgumentException(weight.toString());
        };
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** Bytes that are small positive numbers when read as bf16. */
    private static MemorySegment bytes(long count, Arena arena) {
        MemorySegment bytes = arena.allocate(count, 64);
        Random random = new Random(1);
        for (long i = 0; i + 1 < count; i += 2) {
            bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) (0x3c00 + random.nextInt(256)));
        }
        return bytes;
    }
}
