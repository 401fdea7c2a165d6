package dev.mme5.benchmarks.probe;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures the current peak of float32 fused multiply-adds in registers and of reading memory. Because machines are shared and clock
 * rates change, every figure is quoted as a fraction of a probe of the same minute.
 */
public final class PeakProbe {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 4_000_000;
    private static final int CHAINS = 12;
    private static final int FLOATS = 1 << 26; // 256 MiB a thread: far beyond any cache
    private static final int RUNS = 3;

    /** Operations of one thread in {@link #multiplyAdd}, a multiply-add counted as two. */
    public static final double OPERATIONS = 2.0 * CHAINS * LANES.length() * ROUNDS;

    /** Bytes that one thread reads in {@link #read}. */
    public static final double BYTES = 4.0 * FLOATS;

    private final int threads;
    private final float[][] data; // allocated by the first read, because runs that only multiply may have little memory
    private final float[] results;

    /** @param threads number of threads, each with its own data */
    public PeakProbe(int threads) {
        this.threads = threads;
        data = new float[threads][];
        results = new float[threads];
    }

    /** Operations a second: the best of a few runs. */
    public double flops() {
        return OPERATIONS * threads / seconds(this::multiplyAdd);
    }

    /** Bytes read a second: the best of a few runs. */
    public double bytes() {
        return BYTES * threads / seconds(this::read);
    }

    /** Every thread multiplies and adds in registers. */
    public float multiplyAdd() {
        return onAllThreads(thread -> chains(ROUNDS));
    }

    /** Every thread reads its own array. */
    public float read() {
        for (int i = 0; i < threads; i++) {
            if (data[i] == null) data[i] = new float[FLOATS];
        }
        return onAllThreads(thread -> sum(data[thread]));
    }

    @FunctionalInterface
    private interface Task {
        float run(int thread);
    }

    /** Twelve independent chains: enough to hide the latency of an fma on current cores. */
    private static float chains(int rounds) {
        FloatVector m = FloatVector.broadcast(LANES, 0.999999f);
        FloatVector c = FloatVector.broadcast(LANES, 1e-6f);
        FloatVector a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c, a10 = c, a11 = c;
        for (int i = 0; i < rounds; i++) {
            a0 = a0.fma(m, c);
            a1 = a1.fma(m, c);
            a2 = a2.fma(m, c);
            a3 = a3.fma(m, c);
            a4 = a4.fma(m, c);
            a5 = a5.fma(m, c);
            a6 = a6.fma(m, c);
            a7 = a7.fma(m, c);
            a8 = a8.fma(m, c);
            a9 = a9.fma(m, c);
            a10 = a10.fma(m, c);
            a11 = a11.fma(m, c);
        }
        FloatVector all = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9).add(a10).add(a11);
        return all.lane(0);
    }

    private static float sum(float[] data) {
        FloatVector a = FloatVector.zero(LANES), b = a, c = a, d = a;
        int step = LANES.length();
        for (int i = 0; i + 4 * step <= data.length; i += 4 * step) {
            a = a.add(FloatVector.fromArray(LANES, data, i));
            b = b.add(FloatVector.fromArray(LANES, data, i + step));
            c = c.add(FloatVector.fromArray(LANES, data, i + 2 * step));
            d = d.add(FloatVector.fromArray(LANES, data, i + 3 * step));
        }
        return a.add(b).add(c).add(d).lane(0);
    }

    private static double seconds(Runnable once) {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            once.run();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }

    /** Returns the sum of the results of all threads, so that the compiler can drop no work. */
    private float onAllThreads(Task task) {
        Thread[] others = new Thread[threads];
        for (int i = 1; i < threads; i++) {
            int thread = i;
            others[i] = Thread.ofPlatform().daemon().start(() -> results[thread] = task.run(thread));
        }
        results[0] = task.run(0);
        float sum = results[0];
        try {
            for (int i = 1; i < threads; i++) {
                others[i].join();
                sum += results[i];
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while probing", e);
        }
        return sum;
    }
}
