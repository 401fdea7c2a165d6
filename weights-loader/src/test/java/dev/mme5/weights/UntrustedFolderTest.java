package dev.mme5.weights;

import static dev.mme5.weights.TestFiles.index;
import static dev.mme5.weights.TestFiles.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.json.JsonWriter;
import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model folder can come from anywhere: nothing in it may lead out of it, and nothing may block. */
@DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
class UntrustedFolderTest {
    private static final String SINGLE = "model.safetensors";

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        root = root.toRealPath();
        folder = Files.createDirectory(root.resolve("model"));
        shard(root.resolve("outside"), "a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "..\\outside", "/etc/passwd", "sub/s", "sub\\s", "./s", "", ".", "..", "a\0b", "\0", "s/"})
    void refusesAShardNameThatIsAPath(String name) throws IOException {
        shard(folder.resolve("s"), "a");
        Path index = index(folder, "a", name);

        assertRefused(index + ": weight_map.a: expected a plain file name, found " + JsonWriter.quote(name));
    }

    @Test
    void takesAShardNameWithDotsInIt() throws IOException {
        shard(folder.resolve("..model..1"), "a");
        index(folder, "a", "..model..1");

        assertOpens();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "../model/../outside"})
    void refusesALinkOutOfTheFolder(String target) throws IOException {
        link(folder.resolve(SINGLE), target);

        assertRefused(folder.resolve(SINGLE) + ": expected a file in the model folder, found a link to " + root.resolve("outside"));
    }

    @Test
    void refusesALinkedShardOutOfTheFolder() throws IOException {
        link(folder.resolve("s"), "../outside");
        index(folder, "a", "s");

        assertRefused(folder.resolve("s") + ": expected a file in the model folder, found a link to " + root.resolve("outside"));
    }

    @Test
    void refusesALinkThroughALinkOutOfTheFolder() throws IOException {
        link(folder.resolve("up"), "..");
        link(folder.resolve(SINGLE), "up/outside");

        assertRefused(folder.resolve(SINGLE) + ": expected a file in the model folder, found a link to " + root.resolve("outside"));
    }

    @Test
    void refusesALinkedIndexOutOfTheFolder() throws IOException {
        Files.move(index(folder, "a", "s"), root.resolve("index"));
        link(folder.resolve("model.safetensors.index.json"), "../index");

        assertRefused(folder.resolve("model.safetensors.index.json") + ": expected a file in the model folder, found a link to "
                + root.resolve("index"));
    }

    @Test
    void followsALinkInsideTheFolder() throws IOException {
        Files.createDirectory(folder.resolve("files"));
        shard(folder.resolve("files/s"), "a");
        link(folder.resolve(SINGLE), "files/s");

        assertOpens();
    }

    @Test
    void aFolderWithASimilarNameIsNotTheFolder() throws IOException {
        Files.createDirectory(root.resolve("model2"));
        shard(root.resolve("model2/s"), "a");
        link(folder.resolve(SINGLE), "../model2/s");

        assertRefused(folder.resolve(SINGLE) + ": expected a file in the model folder, found a link to " + root.resolve("model2/s"));
    }

    @Test
    void theFolderItselfMayBeALink() throws IOException {
        shard(folder.resolve(SINGLE), "a");
        folder = link(root.resolve("alias"), "model");

        assertOpens();
    }

    @Test
    void followsTheLinksOfAHuggingFaceCache() throws IOException {
        folder = snapshot();
        shard(root.resolve("models--x--y/blobs/abc"), "a");
        link(folder.resolve("s"), "../../blobs/abc");
        Files.move(index(folder, "a", "s"), root.resolve("models--x--y/blobs/def"));
        link(folder.resolve("model.safetensors.index.json"), "../../blobs/def");

        assertOpens();
    }

    @Test
    void refusesTheBlobsOfAnotherCacheEntry() throws IOException {
        folder = snapshot();
        Files.createDirectories(root.resolve("models--other/blobs"));
        shard(root.resolve("models--other/blobs/abc"), "a");
        link(folder.resolve(SINGLE), "../../../models--other/blobs/abc");

        assertRefused(folder.resolve(SINGLE) + ": expected a file in the model folder, found a link to "
                + root.resolve("models--other/blobs/abc"));
    }

    @Test
    void refusesBlobsBesideAFolderThatIsNoSnapshot() throws IOException {
        folder = Files.createDirectories(root.resolve("models/x"));
        Files.createDirectory(root.resolve("blobs"));
        shard(root.resolve("blobs/abc"), "a");
        link(folder.resolve(SINGLE), "../../blobs/abc");

        assertRefused(folder.resolve(SINGLE) + ": expected a file in the model folder, found a link to " + root.resolve("blobs/abc"));
    }

    @Test
    void saysThatALinkLeadsNowhere() throws IOException {
        link(folder.resolve(SINGLE), "gone");

        assertRefused(folder.resolve(SINGLE) + ": a link to a file that does not exist");
    }

    @Test
    void refusesALinkThatGoesRoundInCircles() throws IOException {
        link(folder.resolve(SINGLE), SINGLE);

        assertThatThrownBy(() -> Checkpoint.open(folder, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(folder.resolve(SINGLE) + ": cannot be read: ");
    }

    @Test
    void refusesADirectory() throws IOException {
        Files.createDirectory(folder.resolve(SINGLE));

        assertRefused(folder.resolve(SINGLE) + ": expected a file, found a directory");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)   // nothing interrupts a blocked open
    void refusesAPipeInsteadOfWaitingForItsWriter() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "needs mkfifo");
        Path pipe = folder.resolve("s");
        assertThat(new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor()).isZero();
        index(folder, "a", "s");

        assertRefused(pipe + ": expected a regular file, found a pipe or device");
        assertThatThrownBy(() -> Checkpoint.openFile(pipe)).isInstanceOf(ModelFormatException.class)
                .hasMessage(pipe + ": expected a regular file, found a pipe or device");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingStaysOpenWhenTheLastShardIsBroken() throws IOException {
        shard(folder.resolve("s1"), "a");
        shard(folder.resolve("s2"), "b");
        Files.write(folder.resolve("s3"), new byte[9]);
        index(folder, "a", "s1", "b", "s2", "c", "s3");

        assertThatThrownBy(() -> Checkpoint.open(folder, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class);

        assertThat(mappedOrOpen()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingUnmapsAndNoFileIsHeldOpen() throws IOException {
        shard(folder.resolve(SINGLE), "a");

        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            checkpoint.weights().scalar("a");
            assertThat(mappedOrOpen()).hasSize(1).allSatisfy(line -> assertThat(line).endsWith(SINGLE));
        }

        assertThat(mappedOrOpen()).isEmpty();
    }

    /** The mappings and open files of this process that lie in the folder. */
    private Stream<String> mappedOrOpen() throws IOException {
        Stream.Builder<String> lines = Stream.builder();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            if (line.contains(root.toString())) lines.add(line);
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : open.toList()) {
                if (Files.isSymbolicLink(fd) && Files.readSymbolicLink(fd).startsWith(root)) lines.add(fd.toString());
            }
        }
        return lines.build();
    }

    private Path snapshot() throws IOException {
        Files.createDirectories(root.resolve("models--x--y/blobs"));
        return Files.createDirectories(root.resolve("models--x--y/snapshots/0123abc"));
    }

    private static Path link(Path from, String to) throws IOException {
        return Files.createSymbolicLink(from, Path.of(to));
    }

    private void assertOpens() {
        try (Checkpoint checkpoint = Checkpoint.open(folder, TestFiles.NAMES)) {
            assertThat(checkpoint.weights().scalar("a")).isEqualTo(1);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Checkpoint.open(folder, TestFiles.NAMES)).isInstanceOf(ModelFormatException.class).hasMessage(message);
    }
}
