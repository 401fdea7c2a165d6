package consumer;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.json.Mme5Exception;
import java.nio.file.Path;
import java.util.List;

/** Embeds a text and an image, as the README shows it, and tells a bad input from others. Arguments: model folder, image, kernels. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Options options = Options.defaults().withKernels(KernelChoice.valueOf(args[2]));
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), options)) {
            Embedding text = model.embed(Input.text("A cat and a dog"));
            Embedding image = model.embed(Input.image(Path.of(args[1])));
            System.out.println("kernels: " + model.kernels());
            System.out.println("similarity: " + text.cosine(image));
            System.out.println("tokens: " + model.countTokens(Input.literal("<|image|>")));
            refuse(model);
        }
    }

    /** What a server would do with a bad request. */
    private static void refuse(EmbeddingModel model) {
        try {
            model.embedAll(List.of(Input.text("good"), Input.image(Path.of("no_such.png"))));
        } catch (InputException e) {
            System.out.println("input " + e.index() + ": " + e.reason());
        } catch (Mme5Exception e) {
            System.out.println("try again later: " + e.getMessage());
        }
    }
}
