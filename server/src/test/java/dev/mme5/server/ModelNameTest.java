package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelNameTest {
    @TempDir
    private Path root;

    private Path folder(String path) throws IOException {
        return Files.createDirectories(root.resolve(path));
    }

    @Test
    void itIsThatOfTheFolder() throws IOException {
        assertThat(ModelName.of(folder("mini"))).isEqualTo("mini");
        assertThat(ModelName.of(folder("a/../b"))).isEqualTo("b");
    }

    @Test
    void inTheCacheOfTheHubItIsThatOfTheRepository() throws IOException {
        assertThat(ModelName.of(folder("hub/models--intfloat--e5-small-v2/snapshots/0123abcd"))).isEqualTo("e5-small-v2");
    }

    @Test
    void inAPackageItIsWhatTheFolderWasCalled() throws IOException {
        Path model = folder("model");
        assertThat(ModelName.of(model)).isEqualTo("model");
        Files.writeString(model.resolve("config.json"), "{\"_name_or_path\": \"/home/someone/e5-small-v2\"}");
        assertThat(ModelName.of(model)).isEqualTo("e5-small-v2");
        Files.writeString(root.resolve("model.name"), "mini\n");
        assertThat(ModelName.of(model)).isEqualTo("mini");
    }
}
