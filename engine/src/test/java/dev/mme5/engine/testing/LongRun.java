package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.EmbeddingResult;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Embeds all golden inputs of all fixture models again and again, in other orders and batches, opening each model again for every
 * pass: results stay the same to the bit, and memory, threads and open files do not grow.
 */
public final class LongRun {
    private static final int SAMPLES = 30;
    private static final int MAX_BATCH = 20;

    private final List<Golden> models = Golden.fixtures();
    private final List<List<Input>> inputs = models.stream().map(LongRun::inputs).toList();
    private final List<int[]> first = new ArrayList<>();
    private final Random random = new Random(11);
    private long embedded;

    private LongRun() {}

    /** Argument: minutes. Prints a line now and then; exit status 1 when a result differs. */
    public static void main(String[] args) throws IOException {
        new LongRun().run(Double.parseDouble(args[0]) * 60);
    }

    private void run(double seconds) throws IOException {
        for (int i = 0; i < models.size(); i++) first.add(pass(i, inOrder(i)));
        System.out.println("seconds  embeddings  heap after GC, MB  resident, MB  threads  open files  mappings of weights");
        long start = System.nanoTime();
        int samples = 0;
        for (double now = 0; now < seconds; now = (System.nanoTime() - start) * 1e-9) {
            if (now >= samples * seconds / SAMPLES) {
                samples++;
                sample(now);
            }
            int model = random.nextInt(models.size());
            List<Integer> order = inOrder(model);
            Collections.shuffle(order, random);
            if (!Arrays.equals(pass(model, order), first.get(model))) {
                System.out.println("other bits: " + models.get(model).model());
                System.exit(1);
            }
        }
        sample(seconds);
        System.out.println("same bits from first to last");
    }

    private List<Integer> inOrder(int model) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < inputs.get(model).size(); i++) order.add(i);
        return order;
    }

    /** Hash of every input's result, by input; inputs in that order and in batches of any size. */
    private int[] pass(int index, List<Integer> order) {
        int[] hashes = new int[order.size()];
        Options options = Options.defaults().withKernels(KernelChoice.VECTOR).withThreads(2);
        try (EmbeddingModel model = EmbeddingModel.open(models.get(index).folder(), options)) {
            for (int from = 0, to; from < order.size(); from = to) {
                to = Math.min(order.size(), from + 1 + random.nextInt(MAX_BATCH));
                List<Input> some = order.subList(from, to).stream().map(inputs.get(index)::get).toList();
                List<EmbeddingResult> results = model.tryEmbedAll(some, ProgressListener.NONE);
                for (int i = from; i < to; i++) hashes[order.get(i)] = hash(results.get(i - from));
                embedded += some.size();
            }
        }
        return hashes;
    }

    private static int hash(EmbeddingResult result) {
        return result.failed() ? 0 : Arrays.hashCode(result.embedding().values());
    }

    /** The golden cases, two images that cannot be read, and texts of several lengths. */
    private static List<Input> inputs(Golden golden) {
        List<Input> inputs = new ArrayList<>(golden.cases().stream().map(Golden.Case::input).toList());
        inputs.add(Input.image(Golden.IMAGES.resolve("no_such_image.png")));
        inputs.add(Input.image(golden.folder().resolve("config.json")));
        for (int words = 1; words < 1000; words *= 5) inputs.add(Input.text("a word and ".repeat(words)));
        return inputs;
    }

    private void sample(double seconds) throws IOException {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        double heap = (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
        System.out.printf("%7.0f %11d %18.1f %13.1f %8d %11d %20d%n",
                seconds, embedded, heap, residentKilobytes() / 1e3, count("task"), count("fd"), mappings());
    }

    private static long residentKilobytes() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        }
    }

    private static long count(String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self").resolve(what))) {
            return entries.count();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(".safetensors")).count();
        }
    }
}
