package dev.mme5.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The mini model and images that it knows. */
final class TestModel {
    static final Path GALLERY = Path.of("../../models/mini/gallery");

    private TestModel() {}

    static Mme5EmbeddingModelBuilder builder() {
        return Mme5EmbeddingModel.builder().modelFolder(MiniModel.folder());
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(GALLERY.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ImageContent image(String name) {
        return ImageContent.from(Base64.getEncoder().encodeToString(bytes(name)), "image/png");
    }
}
