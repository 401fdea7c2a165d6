package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.nio.file.Path;

/** Embeds a text with the model of a folder. */
public final class EmbedOneText {
    private EmbedOneText() {}

    public static void main(String[] args) {
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]))) {
            System.out.println(model.embed(Input.text("a cat")).dimensions());
        }
    }
}
