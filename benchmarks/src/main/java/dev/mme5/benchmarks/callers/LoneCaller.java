package dev.mme5.benchmarks.callers;

import dev.mme5.benchmarks.probe.InterleavedRounds;
import dev.mme5.engine.Options;
import dev.mme5.engine.family.EmbeddingNetwork;
import dev.mme5.engine.family.InputProcessor;
import dev.mme5.engine.family.ModelArchitecture;
import dev.mme5.engine.family.ModelFamily;
import dev.mme5.engine.family.SequenceBatch;
import dev.mme5.engine.nn.Trace;
import dev.mme5.engine.runtime.KernelSelection;
import dev.mme5.engine.runtime.ModelFamilies;
import dev.mme5.engine.runtime.ModelInput;
import dev.mme5.engine.runtime.ModelRuntime;
import dev.mme5.engine.runtime.Outcome;
import dev.mme5.engine.runtime.RuntimeOptions;
import dev.mme5.weights.Checkpoint;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A caller that is alone, beside the tokenizer and the pass without a budget, a queue, or checks of files: the same network and threads, in
 * turns, text by text.
 */
final class LoneCaller {
    private static final double PROMISED_MICROS = 50;
    private static final double PROMISED_PART = 0.01;

    /** Rounds until everything is compiled. */
    private static final int WARM_UP = 6000;

    private static final int FIRST_TEXT = 10_000;

    /** A text's way to its vector. */
    private enum Way { PASS, CHECKED_PASS, CALL }

    private final Path folder;
    private final int threads;
    private final PrintStream out;
    private EmbeddingNetwork network;

    LoneCaller(Path folder, int threads, PrintStream out) {
        this.folder = folder;
        this.threads = threads;
        this.out = out;
    }

    /** Measures; whether the promise is kept. */
    boolean run(int pairs) {
        ModelFamily family = ModelFamilies.ALL.ofFolder(folder);
        InputProcessor processor = family.read(folder).inputProcessor(folder, false);
        ModelFamilies watched = new ModelFamilies(List.of(new ModelFamilies.Entry(family.modelType(), () -> watched(family))));
        Options defaults = Options.defaults();
        RuntimeOptions options = new RuntimeOptions(threads, KernelSelection.Policy.AUTO, 0, false, defaults.maxPixels(), false, false,
                defaults.imageCacheBytes(), defaults.prefixCacheBytes(), false, null, 0);
        ModelRuntime.Environment standard = ModelRuntime.Environment.standard();
        ModelRuntime.Environment environment = new ModelRuntime.Environment(watched, UnaryOperator.identity(), standard.memory());
        try (ModelRuntime model = ModelRuntime.open(folder, options, (done, total) -> {}, environment);
                Checkpoint checkpoint = Checkpoint.open(folder, family.tensorNames())) {
            out.printf(Locale.ROOT, "%s, %s; %d rounds of texts of %d tokens%n", model.name(), model.kernels().kernels().description(),
                    pairs,
                    processor.encode(text(processor, FIRST_TEXT), 0, Integer.MAX_VALUE).ids().length);
            double[][] micros = new double[Way.values().length][pairs];
            int number = FIRST_TEXT;
            for (int i = -WARM_UP; i < pairs; i++) {
                if (i < 0 && i % 100 == 0) checkBits(model, checkpoint, processor, number++);
                for (int k = 0; k < micros.length; k++) {
                    int way = Math.floorMod(i + k, micros.length);
                    String text = text(processor, number++); // a new one each time: nothing is known of it
                    long start = System.nanoTime();
                    run(Way.values()[way], model, checkpoint, processor, text);
                    if (i >= 0) micros[way][i] = (System.nanoTime() - start) * 1e-3;
                }
            }
            return report(micros[0], micros[1], micros[2]);
        }
    }

    private void checkBits(ModelRuntime model, Checkpoint checkpoint, InputProcessor processor, int number) {
        String text = text(processor, number);
        float[] call = run(Way.CALL, model, checkpoint, processor, text);
        if (!Arrays.equals(call, run(Way.PASS, model, checkpoint, processor, text))) {
            throw new IllegalStateException("a call and its pass differ in bits");
        }
    }

    private float[] run(Way way, ModelRuntime model, Checkpoint checkpoint, InputProcessor processor, String text) {
        if (way == Way.CALL) {
            Outcome outcome = model.embed(List.of(new ModelInput(text, List.of(), 0)), (done, total) -> {}).getFirst();
            return ((Outcome.Embedded) outcome).values();
        }
        if (way == Way.CHECKED_PASS) checkpoint.check();
        int[] ids = processor.encode(text, 0, Integer.MAX_VALUE).ids();
        float[] vector = network.embed(new SequenceBatch(new int[][] {ids}, List.of()), Trace.NONE).vectors().rows(0, 1).toArray();
        if (way == Way.CHECKED_PASS) checkpoint.check();
        return vector;
    }

    /** The family, whose network is remembered when a model is opened. */
    private ModelFamily watched(ModelFamily family) {
        return watched(ModelFamily.class, family, "read",
                read -> watched(ModelArchitecture.class, (ModelArchitecture) read, "load", load -> {
                    network = (EmbeddingNetwork) load;
                    return load;
                }));
    }

    private static <T> T watched(Class<T> type, T target, String method, UnaryOperator<Object> result) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
            try {
                Object value = called.invoke(target, arguments);
                return called.getName().equals(method) ? result.apply(value) : value;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static String text(InputProcessor processor, int number) {
        return CallersBench.text(number, text -> processor.encode(text, 0, Integer.MAX_VALUE).ids().length);
    }

    private boolean report(double[] pass, double[] checked, double[] call) {
        double[] checks = differences(checked, pass);
        double[] admission = differences(call, checked);
        double[] all = differences(call, pass);
        double micros = InterleavedRounds.median(pass);
        double added = InterleavedRounds.median(all);
        double part = InterleavedRounds.median(admission) / micros;
        boolean kept = added < PROMISED_MICROS && part <= PROMISED_PART;
        out.printf(Locale.ROOT, "  tokenizer and pass: median %.0f us%n", micros);
        print("checks of the files", checks, micros);
        print("admission and packing", admission, micros);
        print("both", all, micros);
        out.printf(Locale.ROOT, "  promised: both less than %.0f us, admission and packing %.0f %% at most: %s%n", PROMISED_MICROS,
                100 * PROMISED_PART, kept ? "kept" : "BROKEN");
        return kept;
    }

    private void print(String what, double[] micros, double pass) {
        double[] sorted = micros.clone();
        Arrays.sort(sorted);
        double median = InterleavedRounds.median(micros);
        out.printf(Locale.ROOT, "  %-22s add: median %6.1f us (quartiles %.1f and %.1f), %.2f %%%n", what, median,
                sorted[sorted.length / 4],
                sorted[sorted.length * 3 / 4], 100 * median / pass);
    }

    private static double[] differences(double[] more, double[] less) {
        double[] differences = new double[more.length];
        Arrays.setAll(differences, i -> more[i] - less[i]);
        return differences;
    }
}
