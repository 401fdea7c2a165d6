package dev.mme5.engine.testing;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Changes the weights of a model while two threads, with a worker between them, compute with it in compiled code: what a call
 * gives must be right or the documented error. The JVM must live on, which is why this runs in one of its own.
 */
public final class ChangingWeights {
    private static final int MAX_CALLS = 1000;
    private static final List<Input> INPUTS = List.of(
            Input.text("a cat"), Input.text("a cat and a dog and a longer text".repeat(3)),
            Input.image(Golden.IMAGES.resolve("shapes_2x2.png")));

    /** What happens to the file. */
    private enum Change { CUT, EMPTIED, OVERWRITTEN, REPLACED, DELETED }

    private ChangingWeights() {}

    /** Arguments: a folder for copies of the model, rounds, warm-up calls. Prints what became of the calls, by kind of change. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        Random random = new Random(rounds);
        List<Embedding> right;
        try (EmbeddingModel model = open(Golden.read("a-bf16-hub").folder())) {
            right = model.embedAll(INPUTS, ProgressListener.NONE);
            for (int i = 0; i < Integer.parseInt(args[2]); i++) model.embedAll(INPUTS, ProgressListener.NONE);
        }
        Map<String, Integer> outcomes = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < rounds; round++) {
                Change change = Change.values()[round % Change.values().length];
                Path copy = Files.createDirectory(folder.resolve("round" + round));
                Path weights = ModelCopy.of("a-bf16-hub", copy).folder().resolve("model.safetensors");
                try (EmbeddingModel model = open(copy)) {
                    Callable<String> calls = () -> outcome(model, right, change);
                    List<Future<String>> running = List.of(threads.submit(calls), threads.submit(calls));
                    Thread.sleep(random.nextInt(30));
                    apply(change, weights, random);
                    for (Future<String> one : running) outcomes.merge(change + ": " + one.get(), 1, Integer::sum);
                }
            }
        }
        outcomes.forEach((outcome, count) -> System.out.println(count + " " + outcome));
    }

    private static EmbeddingModel open(Path folder) {
        return EmbeddingModel.open(folder, Options.defaults().withThreads(2).withKernels(KernelChoice.VECTOR).withImageCacheBytes(0));
    }

    /** Calls until one fails, or as long as is proof enough that none will. */
    private static String outcome(EmbeddingModel model, List<Embedding> right, Change change) {
        boolean harmless = change == Change.REPLACED || change == Change.DELETED;
        for (int call = 0; call < (harmless ? 30 : MAX_CALLS); call++) {
            try {
                if (!model.embedAll(INPUTS, ProgressListener.NONE).equals(right)) return "wrong bits";
            } catch (ModelFormatException e) {
                return e.getMessage().replace(e.file(), "FILE").replaceAll("[0-9T:.Z-]{10,}", "TIME").replaceAll("[0-9]+", "N");
            } catch (Throwable e) {
                return e.toString();
            }
        }
        return "right bits";
    }

    private static void apply(Change change, Path weights, Random random) throws IOException {
        switch (change) {
            case CUT, EMPTIED -> {
                try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
                    file.truncate(change == Change.EMPTIED ? 0 : (long) (file.size() * random.nextDouble()));
                }
            }
            case OVERWRITTEN -> {
                try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.allocate(4096), file.size() / 2);
                }
            }
            case REPLACED -> {
                Path other = Files.write(weights.resolveSibling("other"), new byte[10]);
                Files.move(other, weights, StandardCopyOption.ATOMIC_MOVE);
            }
            case DELETED -> Files.delete(weights);
        }
    }
}
