package dev.mme5.weights.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** JSON files of a model folder: no link may lead out of the folder. */
@DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
class ModelFolderTest {
    @TempDir
    Path root;

    @BeforeEach
    void withoutLinks() throws IOException {
        root = root.toRealPath();
    }

    @Test
    void readsAFileOfTheFolder() throws IOException {
        Path file = Files.writeString(root.resolve("config.json"), "{\"a\":1}");

        assertThat(ModelFolder.readObject(file).integer("a")).isEqualTo(1);
        assertThat(ModelFolder.readObject(file).source()).isEqualTo(file.toString());
    }

    @Test
    void refusesALinkOutOfTheFolder() throws IOException {
        Path secret = Files.writeString(root.resolve("secret.json"), "{\"a\":1}");
        Path config =
                Files.createSymbolicLink(Files.createDirectory(root.resolve("model")).resolve("config.json"), Path.of("../secret.json"));

        assertThatThrownBy(() -> ModelFolder.readObject(config)).isInstanceOf(ModelFormatException.class)
                .hasMessage(config + ": expected a file in the model folder, found a link to " + secret);
    }

    @Test
    void followsTheLinksOfAHuggingFaceCache() throws IOException {
        Files.createDirectories(root.resolve("models--x--y/blobs"));
        Files.writeString(root.resolve("models--x--y/blobs/abc"), "{\"a\":1}");
        Path snapshot = Files.createDirectories(root.resolve("models--x--y/snapshots/0123abc"));
        Path config = Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/abc"));

        assertThat(ModelFolder.readObject(config).integer("a")).isEqualTo(1);
    }

    @Test
    void namesTheFileThatIsMissingAndNotItsFolder() {
        Path config = root.resolve("nowhere/config.json");

        assertThatThrownBy(() -> ModelFolder.readObject(config)).isInstanceOf(ModelFormatException.class)
                .hasMessage(config + ": not found");
    }
}
