package dev.mme5.engine.testing;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.Options;
import dev.mme5.engine.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Calls that run out of memory at many different moments, each followed by one that has enough. */
public final class OutOfMemory {
    private static final List<Input> INPUTS = List.of(
            Input.text("a cat"), Input.text("a cat and a dog ".repeat(60)), Input.image(Golden.IMAGES.resolve("photo_640x480.jpg")));

    private static final int PIECE_BYTES = 1 << 15;

    private OutOfMemory() {}

    /** Argument: rounds. Prints how many calls ran out of memory, how many of the next ones were wrong, and whether closing ends. */
    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        Random random = new Random(rounds);
        int exhausted = 0;
        int wrong = 0;
        EmbeddingModel model = EmbeddingModel.open(Golden.read("a-bf16-hub").folder(), Options.defaults().withThreads(2));
        List<Embedding> right = model.embedAll(INPUTS, ProgressListener.NONE);
        List<byte[]> ballast = new ArrayList<>(100_000);
        for (int round = 0; round < rounds; round++) {
            try {
                fill(ballast, random.nextInt(200));
                if (!model.embedAll(INPUTS, ProgressListener.NONE).equals(right)) wrong++;
            } catch (OutOfMemoryError e) {
                ballast.clear();
                exhausted++;
            } catch (InputException e) { // images are decoded on the heap: one that finds it full is an input that failed
                ballast.clear();
                if (!e.getMessage().contains("does not fit in the memory")) throw e;
                exhausted++;
            }
            ballast.clear();
            if (!model.embedAll(INPUTS, ProgressListener.NONE).equals(right)) wrong++;
        }
        model.close();
        System.out.println(exhausted + " ran out of memory, " + wrong + " wrong, closed");
    }

    /** Fills the heap, except for {@code free} pieces. */
    private static void fill(List<byte[]> ballast, int free) {
        try {
            while (true) ballast.add(new byte[PIECE_BYTES]);
        } catch (OutOfMemoryError full) {
            for (int i = 0; i < free && !ballast.isEmpty(); i++) ballast.removeLast();
        }
    }
}
