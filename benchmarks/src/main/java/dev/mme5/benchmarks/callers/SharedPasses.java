package dev.mme5.benchmarks.callers;

import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many threads that embed a text each, beside one call with all the texts, in turns. */
final class SharedPasses {
    private static final int CALLERS = 32;

    /** Texts that each caller embeds, one after the other, in the second kind of round. */
    private static final int TEXTS = 3;

    /** Of the speed of one call. */
    private static final double PROMISED = 0.85;

    private final Path folder;
    private final int threads;
    private final PrintStream out;
    private int next;
    private int turns;

    SharedPasses(Path folder, int threads, PrintStream out) {
        this.folder = folder;
        this.threads = threads;
        this.out = out;
    }

    /** Measures; whether the promise is kept. */
    boolean run(int rounds) throws Exception {
        double[] once = new double[rounds];
        double[] often = new double[rounds];
        try (EmbeddingModel model = EmbeddingModel.open(folder, Options.defaults().withThreads(threads));
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Input> warm = texts(model);
            out.printf(Locale.ROOT, "%s, %s; %d texts of %d tokens%n", model.name(), model.kernels(), CALLERS,
                    model.countTokens(warm.getFirst()));
            for (int i = 0; i < 2; i++) shared(model, callers, List.of(texts(model)));
            for (int round = 0; round < rounds; round++) {
                once[round] = ratio(model, callers, List.of(texts(model)), "one text each");
                List<List<Input>> several = new ArrayList<>();
                for (int i = 0; i < TEXTS; i++) several.add(texts(model));
                often[round] = ratio(model, callers, several, TEXTS + " texts each");
            }
        }
        double ofOne = InterleavedRounds.median(once);
        double ofMany = InterleavedRounds.median(often);
        boolean kept = Math.min(ofOne, ofMany) >= PROMISED;
        out.printf(Locale.ROOT, "%d callers beside embedAll, medians: one text each %.3f, %d each %.3f; promised %.2f: %s%n", CALLERS,
                ofOne,
                TEXTS, ofMany, PROMISED, kept ? "kept" : "BROKEN");
        return kept;
    }

    /** New texts, so that nothing is known of them. */
    private List<Input> texts(EmbeddingModel model) {
        List<Input> texts = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            texts.add(Input.text(CallersBench.text(100 + next++, text -> model.countTokens(Input.text(text)))));
        }
        return texts;
    }

    private double ratio(EmbeddingModel model, ExecutorService callers, List<List<Input>> inputs, String what) throws Exception {
        boolean sharedFirst = (++turns & 1) == 0;
        Timed first = sharedFirst ? shared(model, callers, inputs) : oneCall(model, inputs);
        Timed second = sharedFirst ? oneCall(model, inputs) : shared(model, callers, inputs);
        if (!first.results.equals(second.results)) throw new IllegalStateException("sharing a pass changes the bits");
        Timed shared = sharedFirst ? first : second;
        Timed together = sharedFirst ? second : first;
        out.printf(Locale.ROOT, "  %-13s %6.2f s, embedAll %6.2f s, ratio %.3f%n", what, shared.seconds, together.seconds,
                together.seconds / shared.seconds);
        return together.seconds / shared.seconds;
    }

    private static Timed oneCall(EmbeddingModel model, List<List<Input>> inputs) {
        long start = System.nanoTime();
        List<List<Embedding>> results = new ArrayList<>();
        for (List<Input> call : inputs) results.add(model.embedAll(call));
        return new Timed((System.nanoTime() - start) * 1e-9, results);
    }

    private record Timed(double seconds, List<List<Embedding>> results) {}

    /** From the moment when all callers begin until the last one has its last result. */
    private static Timed shared(EmbeddingModel model, ExecutorService callers, List<List<Input>> inputs) throws Exception {
        CountDownLatch ready = new CountDownLatch(CALLERS);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<List<Embedding>>> futures = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int caller = i;
            futures.add(callers.submit(() -> {
                ready.countDown();
                start.await();
                List<Embedding> results = new ArrayList<>();
                for (List<Input> round : inputs) results.add(model.embed(round.get(caller)));
                return results;
            }));
        }
        ready.await();
        long begin = System.nanoTime();
        start.countDown();
        List<List<Embedding>> ofCallers = new ArrayList<>();
        for (Future<List<Embedding>> future : futures) ofCallers.add(future.get());
        double seconds = (System.nanoTime() - begin) * 1e-9;
        List<List<Embedding>> results = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int round = i;
            results.add(ofCallers.stream().map(all -> all.get(round)).toList());
        }
        return new Timed(seconds, results);
    }
}
