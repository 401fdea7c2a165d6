package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.probe.Int16PeakProbe;
import dev.mme5.benchmarks.probe.PeakProbe;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Matmuls with bf16, int8 and int4 weights at the model's shapes, in interleaved rounds with the machine's peaks. Prints medians and
 * ratios of medians.
 */
public final class QuantizedMatmuls {
    private static final int[][] SHAPES = {{4096, 4096}, {4096, 14_336}, {14_336, 4096}, {1280, 5120}, {5120, 1280}, {7680, 4096}};

    private QuantizedMatmuls() {}

    /** @param args threads, rounds, tokens... */
    public static void main(String[] args) {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int[] tokens = args.length > 2 ? Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray() : new int[] {512};
        System.out.printf("%d threads, medians of %d rounds; G operations/s, a multiply-add counted as two%n", threads, rounds);
        System.out.printf("%20s %8s %8s %8s %8s %8s %10s %10s %10s %10s%n", "tokens x in -> out", "f32 peak", "16b peak", "bf16", "int8",
                "int4", "int8/bf16", "int4/bf16", "int4/16b", "bf16/f32");
        PeakProbe floats = new PeakProbe(threads);
        Int16PeakProbe shorts = new Int16PeakProbe(threads);
        try (Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            for (int m : tokens) {
                for (int[] shape : SHAPES) measure(kernels, floats, shorts, rounds, m, shape[0], shape[1]);
            }
        }
    }

    private static void measure(Kernels kernels, PeakProbe floats, Int16PeakProbe shorts, int rounds, int m, int in, int out) {
        Random random = new Random(1);
        Matrix x = Matrix.zeros(m, in);
        for (int i = 0; i < x.data().length; i++) x.data()[i] = (float) random.nextGaussian();
        Matrix y = Matrix.zeros(m, out);
        Map<String, WeightMatrix> weights = new LinkedHashMap<>();
        weights.put("bf16", new MappedTensor("", "w", DType.BF16, new Shape(out, in), bytes(2L * out * in, random)));
        for (QuantizationScheme scheme : List.of(QuantizationScheme.INT8, QuantizationScheme.INT4)) weights.put(scheme.label(), quantized(scheme, out, in, random));

        Map<String, List<Double>> rates = new LinkedHashMap<>();
        double flops = 2.0 * m * in * out;
        int repeats = (int) Math.clamp(2e10 / flops, 1, 100_000);
        for (int round = -1; round < rounds; round++) {
            record(rates, "f32 peak", round, floats.flops() / 1e9);
            record(rates, "16b peak", round, shorts.operations() / 1e9);
            for (Map.Entry<String, WeightMatrix> weight : weights.entrySet()) {
                long start = System.nanoTime();
                for (int i = 0; i < repeats; i++) kernels.matmul(x, weight.getValue(), y);
                record(rates, weight.getKey(), round, flops * repeats / (System.nanoTime() - start));
            }
        }
        double f32 = median(rates.get("f32 peak"));
        double int16Peak = median(rates.get("16b peak"));
        double bf16 = median(rates.get("bf16"));
        double int8 = median(rates.get("int8"));
        double int4 = median(rates.get("int4"));
        System.out.printf("%5d x %5d -> %5d %8.1f %8.1f %8.1f %8.1f %8.1f %10.2f %10.2f %10.2f %10.2f%n", m, in, out, f32, int16Peak, bf16,
                int8,
                int4, int8 / bf16, int4 / bf16, int4 / int16Peak, bf16 / f32);
    }

    private static void record(Map<String, List<Double>> rates, String what, int round, double rate) {
        if (round >= 0) rates.computeIfAbsent(what, w -> new ArrayList<>()).add(rate);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static QuantizedTensor quantized(QuantizationScheme scheme, int out, int in, Random random) {
        MappedTensor codes = new MappedTensor(
                "", "w", scheme.dtype(), scheme.codes(out, in), bytes((long) out * in * scheme.bits() / 8, random));
        int groups = scheme.groups(in);
        MappedTensor scales = new MappedTensor("", "s", DType.I8, new Shape(groups, out), bytes((long) groups * out, random));
        float[] rowScales = new float[out];
        Arrays.fill(rowScales, 1e-4f);
        return new QuantizedTensor(scheme, in, codes, scales, MappedTensor.ofFloats("r", rowScales, out));
    }

    /** Bytes that are small positive numbers when read as bf16. */
    private static MemorySegment bytes(long count, Random random) {
        MemorySegment bytes = Arena.ofAuto().allocate(count, 64);
        for (long i = 0; i + 1 < count; i += 2) {
            bytes.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) (0x3c00 + random.nextInt(256)));
        }
        return bytes;
    }
}
