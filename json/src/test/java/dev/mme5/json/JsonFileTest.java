package dev.mme5.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    @TempDir
    Path folder;

    @Test
    void readsAFileAndRemembersItsName() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"a\":{\"b\":1}}");

        JsonObject json = JsonReader.readObject(file);

        assertThat(json.object("a").integer("b")).isEqualTo(1);
        assertThat(json.object("a").source()).isEqualTo(file.toString());
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertRefused(folder.resolve("config.json"), "not found");
    }

    @Test
    void saysThatAFileIsAFolder() {
        assertRefused(folder, "expected a file, found a directory");
    }

    @Test
    void refusesAFileThatIsTooLargeWithoutReadingIt() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(5_000_000_000L);
        }

        assertRefused(file, "expected at most 100000000 bytes, found 5000000000");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)   // nothing interrupts a blocked open
    void refusesAPipeInsteadOfWaitingForItsWriter() throws Exception {
        Path pipe = folder.resolve("config.json");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "needs mkfifo");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor()).isZero();

        assertRefused(pipe, "expected a regular file, found a pipe or device");
    }

    @Test
    void saysThatAFileMayNotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{}");
        assumeTrue(file.toFile().setReadable(false), "needs permissions");
        assumeFalse(Files.isReadable(file), "the superuser may read everything");

        assertRefused(file, "cannot be read: access denied");
    }

    @Test
    void saysThatTheRootIsNoObject() throws IOException {
        assertRefused(Files.writeString(folder.resolve("config.json"), "3"), "expected an object, found 3");
    }

    private static void assertRefused(Path file, String problem) {
        assertThatThrownBy(() -> JsonReader.readObject(file)).isInstanceOf(ModelFormatException.class)
                .hasMessage(file + ": " + problem);
    }
}
