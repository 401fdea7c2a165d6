package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.testing.ClassPathJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Image files are read on a Java without {@code java.desktop}. */
class WithoutDesktopTest {
    /** Prints whether the module is there, and the vector of an image. */
    static final class EmbedsAnImage {
        private EmbedsAnImage() {}

        public static void main(String[] arguments) {
            try (EmbeddingModel model = EmbeddingModel.open(Path.of(arguments[0]))) {
                Embedding embedding = model.embed(Input.image(Path.of(arguments[1])));
                System.out.println(ModuleLayer.boot().findModule("java.desktop").isPresent());
                System.out.println(Arrays.toString(embedding.values()));
            }
        }
    }

    @Tag("thorough")
    @Test
    void embedsAnImageToTheSameVector() throws IOException, InterruptedException {
        String[] arguments = {"../models/mini", Golden.file("images/photo_420_97x131.jpg").toString()};
        List<String> modules = List.of("--add-modules", "jdk.incubator.vector");
        List<String> limited = List.of("--limit-modules", "java.base,jdk.incubator.vector", "--add-modules", "jdk.incubator.vector");

        List<String> with = ClassPathJvm.run(EmbedsAnImage.class, modules, arguments).out().lines().toList();
        List<String> without = ClassPathJvm.run(EmbedsAnImage.class, limited, arguments).out().lines().toList();

        assertEquals("true", with.get(0));
        assertEquals("false", without.get(0));
        assertEquals(with.get(1), without.get(1));
    }
}
