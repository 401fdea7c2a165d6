package dev.mme5.benchmarks.report;

import dev.mme5.benchmarks.checkpoint.SyntheticCheckpoint;
import dev.mme5.benchmarks.checkpoint.SyntheticConfig;
import dev.mme5.benchmarks.checkpoint.SyntheticShape;
import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.benchmarks.probe.PeakProbe;
import dev.mme5.benchmarks.subject.EmbedInputs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the whole model on this machine: the time to open it, the time of each kind of input from a cold and from a warm page cache,
 * and memory. Each part runs in its own JVM, with the smallest heap that it should need. Nothing else should run on the machine.
 */
@Command(
        name = "full-size",
        mixinStandardHelpOptions = true,
        description = "Opens a model of the real size and embeds texts and images, from a cold and from a warm page cache.")
public final class FullSize implements Callable<Integer> {
    private static final List<EmbedInputs> TEXTS = List.of(EmbedInputs.TEXT_20, EmbedInputs.TEXT_256, EmbedInputs.TEXTS_32_X_20);
    private static final List<EmbedInputs> IMAGES = List.of(
            EmbedInputs.IMAGE_1_TILE, EmbedInputs.IMAGE_2_TILES, EmbedInputs.IMAGE_4_TILES, EmbedInputs.IMAGE_4_TILES_3_PROMPTS);

    private final PrintStream out;
    private final Class<?> main;

    @ArgGroup(multiplicity = "1")
    private Where where;

    /** An existing folder to measure, or one to write, measure and delete. */
    private static final class Where {
        @Option(names = "--model", paramLabel = "DIR", description = "a model folder to measure")
        private Path model;

        @Option(names = "--output", paramLabel = "DIR", description = "a folder to write, measure and delete; must not exist")
        private Path output;
    }

    @Option(names = "--tile", paramLabel = "SIDE", defaultValue = "448", description = "with --output: side of a tile, 448 or 560")
    private int tile;

    @Option(names = "--few-layers", description = "with --output: 3 text layers and 3 vision layers, to try this out")
    private boolean fewLayers;

    @Option(names = "--threads", paramLabel = "N", description = "threads that compute; default: all processors")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--heap", paramLabel = "SIZE", defaultValue = "256m", description = "heap for texts; default: ${DEFAULT-VALUE}")
    private String textHeap;

    @Option(names = "--image-heap", paramLabel = "SIZE", defaultValue = "1g",
            description = "heap for images; default: ${DEFAULT-VALUE}")
    private String imageHeap;

    @Option(names = "--tree", hidden = true, defaultValue = "${sys:mme5.tree:-.}", description = "root of the source tree")
    private Path tree;

    /** @param main the class whose main method runs {@link FullSizeRun} as a subcommand */
    public FullSize(PrintStream out, Class<?> main) {
        this.out = out;
        this.main = main;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (where.output == null) {
            measure(where.model);
            return 0;
        }
        try {
            long start = System.nanoTime();
            SyntheticShape shape = SyntheticCheckpoint.shape(fewLayers, tile);
            SyntheticCheckpoint.write(where.output, shape, 1, tree.resolve(SyntheticConfig.MINI));
            out.printf(Locale.ROOT, "written in %.0f s%n", (System.nanoTime() - start) / 1e9);
            measure(where.output);
        } finally {
            if (Files.exists(where.output.resolve("config.json"))) delete(where.output);
        }
        return 0;
    }

    private void measure(Path model) throws IOException, InterruptedException {
        PageCache cache = new PageCache(model);
        PeakProbe probe = new PeakProbe(threads);
        InterleavedRounds.Peak.of(probe); // compiles it
        InterleavedRounds.Peak peak = InterleavedRounds.Peak.of(probe);
        probe = null; // frees its memory for the page cache
        System.gc();
        out.printf(Locale.ROOT, "%s: %.2f GB of weights; %d threads; peak %.1f GFLOP/s of float32, %.1f GB/s read from memory%n",
                model, cache.bytes() / 1e9, threads, peak.flops() / 1e9, peak.bytes() / 1e9);
        cache.evict();
        out.printf(Locale.ROOT, "the disk gives %.2f GB/s (%.0f %% were resident before)%n%n", cache.read() / 1e9, 100 * cache.resident());
        out.println(FullSizeRun.ROW.formatted(
                "what", "seconds", "rate", "", "GFLOP/s", "of FMA", "of read", "heap/own", "resident"));
        cache.evict();
        run(model, peak, textHeap, "cold, ", List.of(EmbedInputs.TEXT_20));
        cache.evict();
        run(model, peak, imageHeap, "cold, ", List.of(EmbedInputs.IMAGE_1_TILE));
        cache.read();
        run(model, peak, textHeap, "", TEXTS);
        run(model, peak, imageHeap, "", IMAGES);
        out.printf(Locale.ROOT, "%nheap: most that was used, garbage included; own: memory of the process that no file backs, in MB%n");
    }

    /** Starts a JVM like this one, with another heap, and waits for it. */
    private void run(Path model, InterleavedRounds.Peak peak, String heap, String label, List<EmbedInputs> inputs)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap,
                "-Djava.awt.headless=true", // as the launcher
                "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), main.getName(),
                "full-size-run", "--model", model.toString(), "--threads", threads + "", "--peak-read", peak.bytes() + "",
                "--label", label));
        for (EmbedInputs one : inputs) command.add(one.name());
        out.println("-Xmx" + heap);
        out.flush();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            int status = process.waitFor();
            if (status != 0) throw new IOException("the run with -Xmx" + heap + " ended with status " + status);
        } finally {
            process.destroy();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }
}
