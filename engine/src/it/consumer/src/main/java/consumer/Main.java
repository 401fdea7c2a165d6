package consumer;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import java.nio.file.Path;

/** Embeds a text and a picture, as the README shows it. Arguments: model folder, picture, kernels. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Options options = Options.defaults().withKernels(KernelChoice.valueOf(args[2]));
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]), options)) {
            Embedding text = model.embed(Input.text("A cat and a dog"));
            Embedding picture = model.embed(Input.image(Path.of(args[1])));
            System.out.println("kernels: " + model.kernels());
            System.out.println("similarity: " + text.cosine(picture));
        }
    }
}
