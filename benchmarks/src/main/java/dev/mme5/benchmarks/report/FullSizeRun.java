package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.probe.PeakProbe;
import dev.mme5.benchmarks.subject.EmbedInputs;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One JVM of {@link FullSize}: opens the model and embeds each of the inputs in turn, with a small heap. */
@Command(name = "full-size-run", hidden = true)
public final class FullSizeRun implements Callable<Integer> {
    static final String ROW = "%-30s %8s %9s %-11s %8s %7s %8s %9s %9s";

    /** Shorter runs are repeated, to show the cost of compilation in the first one. */
    private static final double MAX_REPEATED_SECONDS = 45;

    private final PrintStream out;

    @Option(names = "--model", required = true)
    private Path model;

    @Option(names = "--threads", required = true)
    private int threads;

    @Option(names = "--peak-read", required = true, description = "bytes a second")
    private double peakRead;

    @Option(names = "--label", required = true)
    private String label;

    @Parameters
    private List<EmbedInputs> allInputs = List.of();

    public FullSizeRun(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        double resident = new PageCache(model).resident();
        PeakProbe probe = new PeakProbe(threads);
        probe.flops(); // compiles it
        long start = System.nanoTime();
        Options options = Options.defaults().withThreads(threads).withImageCacheBytes(0).withPrefixCacheBytes(0);
        try (EmbeddingModel opened = EmbeddingModel.open(model, options)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.gc();
            print("open", seconds, null, 0, 0, heapNow(), resident);
            for (EmbedInputs inputs : allInputs) embed(opened, inputs, probe);
        }
        return 0;
    }

    private void embed(EmbeddingModel opened, EmbedInputs inputs, PeakProbe probe) throws IOException {
        EmbedInputs.Batch batch = inputs.make(model);
        double seconds = Double.MAX_VALUE;
        for (int run = 0; run < 2 && (run == 0 || seconds < MAX_REPEATED_SECONDS); run++) {
            double resident = new PageCache(model).resident();
            System.gc();
            resetHeapPeak();
            double before = probe.flops();
            long start = System.nanoTime();
            List<Embedding> embeddings = opened.embedAll(batch.inputs(), ProgressListener.NONE);
            seconds = (System.nanoTime() - start) / 1e9;
            double peak = Math.max(before, probe.flops());
            long heap = heapPeak();
            requireUnitVectors(embeddings);
            String name = inputs.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (run == 0 ? "" : ", again");
            print(name, seconds, batch.workload(), batch.workload().flops() / seconds / peak, batch.workload().bytes() / seconds / peakRead,
                    heap,
                    resident);
        }
    }

    private void print(
            String name, double seconds, Workload workload, double ofFlops, double ofRead, long heap, double resident) throws IOException {
        out.println(ROW.formatted(
                label + name,
                BenchTable.number(seconds),
                workload == null ? "-" : BenchTable.number(workload.rate(seconds)),
                workload == null ? "" : workload.unit() + "/s",
                workload == null ? "-" : BenchTable.number(workload.flops() / seconds / 1e9),
                workload == null ? "-" : String.format(Locale.ROOT, "%.2f", ofFlops),
                workload == null ? "-" : String.format(Locale.ROOT, "%.2f", ofRead),
                (heap >> 20) + " / " + (ownMemory() >> 10),
                String.format(Locale.ROOT, "%.0f %%", 100 * resident)));
        out.flush();
    }

    private static void requireUnitVectors(List<Embedding> embeddings) {
        for (Embedding embedding : embeddings) {
            double squares = 0;
            for (float value : embedding.values()) squares += (double) value * value;
            if (!(Math.abs(squares - 1) < 1e-5)) throw new IllegalStateException("an embedding has the squared length " + squares);
        }
    }

    private static List<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).toList();
    }

    private static void resetHeapPeak() {
        for (MemoryPoolMXBean pool : heapPools()) pool.resetPeakUsage();
    }

    private static long heapPeak() {
        return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }

    private static long heapNow() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Resident kilobytes of this process that no file backs; 0 where the system does not report them. */
    private static long ownMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
