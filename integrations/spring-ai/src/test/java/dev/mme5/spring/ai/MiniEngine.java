package dev.mme5.spring.ai;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.ai.content.Media;

/** The default model, opened once for all tests, and its gallery. */
final class MiniEngine {
    static final EmbeddingModel ENGINE = EmbeddingModel.open(MiniModel.folder());
    static final Path GALLERY = Path.of("../../models/mini/gallery");

    private MiniEngine() {}

    static byte[] bytes(String image) {
        try {
            return Files.readAllBytes(GALLERY.resolve(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Media media(String image) {
        return mediaOf(bytes(image));
    }

    static Media mediaOf(byte[] png) {
        return Media.builder().mimeType(Media.Format.IMAGE_PNG).data(png).build();
    }
}
