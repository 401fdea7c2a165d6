package dev.mme5.benchmarks.probe;

import java.util.concurrent.CountDownLatch;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/** Measures the current peak of 16-bit integer multiplications and additions in registers, as far as Java code reaches it. */
public final class Int16PeakProbe {
    private static final VectorSpecies<Short> LANES = ShortVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 2_000_000;
    private static final int CHAINS = 12;
    private static final int RUNS = 3;

    private final int threads;
    private final int[] results;

    public Int16PeakProbe(int threads) {
        this.threads = threads;
        results = new int[threads];
    }

    /** Operations a second, a multiply-add counted as two: the best of a few runs. */
    public double operations() {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) best = Math.min(best, seconds());
        return 2.0 * CHAINS * LANES.length() * ROUNDS * threads / best;
    }

    private double seconds() {
        CountDownLatch go = new CountDownLatch(1);
        Thread[] workers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int thread = t;
            workers[t] = Thread.ofPlatform().daemon().start(() -> {
                try {
                    go.await();
                    results[thread] = chains(ROUNDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        long start = System.nanoTime();
        go.countDown();
        try {
            for (Thread worker : workers) worker.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while probing", e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Twelve independent chains, as many as the INT4 micro-kernel has accumulators for one vector. */
    private static int chains(int rounds) {
        ShortVector m = ShortVector.broadcast(LANES, (short) 3);
        ShortVector x = m;
        ShortVector a0 = m, a1 = m, a2 = m, a3 = m, a4 = m, a5 = m, a6 = m, a7 = m, a8 = m, a9 = m, a10 = m, a11 = m;
        for (int i = 0; i < rounds; i++) {
            a0 = a0.add(a0.mul(x));
            a1 = a1.add(a1.mul(x));
            a2 = a2.add(a2.mul(x));
            a3 = a3.add(a3.mul(x));
            a4 = a4.add(a4.mul(x));
            a5 = a5.add(a5.mul(x));
            a6 = a6.add(a6.mul(x));
            a7 = a7.add(a7.mul(x));
            a8 = a8.add(a8.mul(x));
            a9 = a9.add(a9.mul(x));
            a10 = a10.add(a10.mul(x));
            a11 = a11.add(a11.mul(x));
        }
        return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).add(a8).add(a9).add(a10).add(a11).lane(0);
    }
}
