package dev.mme5.engine.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceDigestsTest {
    @TempDir
    Path folder;

    @Test
    void givesTheSumOfEveryFile() throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");

        try (SourceDigests digests = new SourceDigests(List.of(file))) {
            assertThat(digests.await())
                    .containsExactly(Map.entry(file, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        }
    }

    @Test
    void aFileThatCannotBeReadFails() {
        try (SourceDigests digests = new SourceDigests(List.of(folder.resolve("none")))) {
            assertThatThrownBy(digests::await).isInstanceOf(NoSuchFileException.class);
        }
    }

    /** Sums that are missing must not look like a source without files. */
    @Test
    void whateverEndsTheThreadIsThrown() {
        try (SourceDigests digests = new SourceDigests(Arrays.asList((Path) null))) {
            assertThatThrownBy(digests::await).isInstanceOf(NullPointerException.class);
        }
    }
}
