package dev.mme5.spark;

import dev.mme5.model.mini.MiniModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The Hugging Face cache of the tests, which {@code HF_HUB_CACHE} names: as a download leaves it, with the mini model. */
final class HubCache {
    static final String NAME = "acme/mini";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private HubCache() {}

    /** Puts the model there. */
    static void fill() throws IOException {
        Path repository = Path.of(System.getenv("HF_HUB_CACHE")).resolve("models--acme--mini");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(MiniModel.folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, snapshot.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                names.add("\"" + file.getFileName() + "\": {}");
            }
        }
        write(repository.resolve("refs/main"), COMMIT);
        write(repository.resolve("trees/" + COMMIT + ".json"), "{\"format_version\": 1, \"files\": {" + String.join(", ", names) + "}}");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
