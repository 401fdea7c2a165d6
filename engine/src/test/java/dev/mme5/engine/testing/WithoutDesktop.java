package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import java.nio.file.Path;

/** Embeds a text and images as a program does that never saw a BufferedImage. */
public final class WithoutDesktop {
    private WithoutDesktop() {}

    /** Arguments: a model folder, image files. Prints whether java.desktop is there, then a line for each input. */
    public static void main(String[] args) {
        System.out.println("java.desktop: " + ModuleLayer.boot().findModule("java.desktop").isPresent());
        try (EmbeddingModel model = EmbeddingModel.open(Path.of(args[0]))) {
            System.out.println(model.embed(Input.text("a cat")).values().length);
            for (int i = 1; i < args.length; i++) System.out.println(model.embed(Input.image(Path.of(args[i]))).values().length);
        }
    }
}
