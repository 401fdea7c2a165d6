package dev.mme5.engine.testing;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import java.nio.file.Path;

/** What a user's program sees that was started without the module of the vector kernels. */
public final class WithoutVectorModule {
    private WithoutVectorModule() {}

    public static void main(String[] args) {
        Path folder = Golden.read("a-bf16-hub").folder();
        try (EmbeddingModel model = EmbeddingModel.open(folder)) {
            System.out.println(model.kernels());
            System.out.println(model.embed(Input.image(Golden.IMAGES.resolve("shapes_2x2.png"))).tokens());
        }
        try {
            EmbeddingModel.open(folder, Options.defaults().withKernels(KernelChoice.VECTOR));
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getName() + ": " + e.getMessage());
        }
    }
}
