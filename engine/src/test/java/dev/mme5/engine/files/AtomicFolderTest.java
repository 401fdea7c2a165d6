package dev.mme5.engine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFolderTest {
    /** How long others may take to begin or to end. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path parent;

    @Test
    void appearsWithAllThatIsInItWhenItIsComplete() throws IOException {
        Path target = parent.resolve("new");
        try (AtomicFolder folder = AtomicFolder.create(target, 0)) {
            Files.createDirectory(folder.path().resolve("inner"));
            Files.writeString(folder.path().resolve("inner/file"), "x");
            assertThat(target).doesNotExist();

            folder.commit();
        }

        assertThat(target.resolve("inner/file")).hasContent("x");
        assertThat(names()).containsExactly("new");
    }

    @Test
    void leavesNothingWhenItIsNotCompletedButWhatItsLinksLeadTo() throws IOException {
        Path other = Files.createDirectory(parent.resolve("other"));
        Files.writeString(other.resolve("file"), "x");
        try (AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0)) {
            Files.createDirectories(folder.path().resolve("a/b"));
            Files.writeString(folder.path().resolve("a/b/file"), "y");
            Files.createSymbolicLink(folder.path().resolve("a/link"), other);
            assertThat(names()).hasSize(2).anyMatch(name -> name.startsWith(".new."));
        }

        assertThat(names()).containsExactly("other");
        assertThat(other.resolve("file")).exists();
    }

    /** As it happens when a process is told to end. */
    @Test
    void leavesNothingThoughThreadsAndProcessesAreStillWriting() throws Exception {
        for (int run = 0; run < 5; run++) {
            AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0);
            Path script = Files.writeString(parent.resolve("write.sh"), """
                    n=0
                    (while :; do mkdir -p "$1/p$n" && : >"$1/p$n/file"; n=$((n + 1)); done) 2>/dev/null
                    """);
            Process process = folder.start(new ProcessBuilder("sh", script.toString(), folder.path().toString()));
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; !Thread.interrupted(); i++) {
                        Path inner = Files.createDirectory(folder.path().resolve("t" + i));
                        Files.writeString(inner.resolve("file"), "x");
                    }
                } catch (IOException e) {
                    // The folder is gone.
                }
            });
            try {
                await("p9 of the process", () -> Files.exists(folder.path().resolve("p9")));
                await("t9 of the thread", () -> Files.exists(folder.path().resolve("t9")));

                folder.close();

                assertThat(thread.join(LIMIT)).as("the thread finds the folder no more").isTrue();
                assertThat(process.isAlive()).isFalse();
            } finally {
                thread.interrupt();
                thread.join(LIMIT);
                folder.close();
            }
            Files.delete(script);
            assertThat(names()).isEmpty();
        }
    }

    /** A process that ends only after the folder has got another name can have made it again. */
    @Test
    void endsThoughTheFolderIsMadeAgainAndGrows() throws Exception {
        AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0);
        AtomicInteger made = new AtomicInteger();
        Thread thread = Thread.ofPlatform().start(() -> {
            for (int again = 0; again < 3; again++) {
                try {
                    while (!Thread.interrupted()) Files.createFile(folder.path().resolve("t" + made.incrementAndGet()));
                    return;
                } catch (IOException e) {
                    folder.path().toFile().mkdir();
                }
            }
        });

        try {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                while (made.get() < 10) Thread.sleep(1);
                folder.close();
            });
        } finally {
            thread.interrupt();
            thread.join(LIMIT);
        }
        assertThat(thread.isAlive()).as("the interrupted thread is alive").isFalse();

        // The thread may have made it again after all that.
        assertThat(names()).isSubsetOf(folder.path().getFileName().toString());
    }

    @Test
    void startsNoProcessTooLate() throws Exception {
        AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0);
        folder.close();
        Path touched = parent.resolve("touched");

        assertThatThrownBy(() -> folder.start(new ProcessBuilder("touch", touched.toString())))
                .hasMessageEndingWith("new: the process is ending");
        Thread.sleep(100);
        assertThat(touched).doesNotExist();
    }

    @Test
    void endsAllProcessesThoughItIsInterrupted() throws Exception {
        AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0);
        List<Process> processes =
                List.of(folder.start(new ProcessBuilder("sleep", "100")), folder.start(new ProcessBuilder("sleep", "100")));

        Thread.currentThread().interrupt();
        folder.close();

        assertThat(Thread.interrupted()).isTrue();
        for (Process process : processes) assertThat(process.isAlive()).isFalse();
        assertThat(names()).isEmpty();
    }

    @Test
    void cannotBeCompletedOnceItIsGone() throws IOException {
        AtomicFolder folder = AtomicFolder.create(parent.resolve("new"), 0);
        folder.close();

        assertThatThrownBy(folder::commit).isInstanceOf(IOException.class).hasMessageEndingWith("new: the process is ending");
        assertThat(names()).isEmpty();
    }

    @Test
    void refusesANameThatIsTakenEvenByALinkToNothing() throws IOException {
        Files.createSymbolicLink(parent.resolve("link"), parent.resolve("nothing"));

        assertThatThrownBy(() -> AtomicFolder.create(parent.resolve("link"), 0))
                .isInstanceOf(FileAlreadyExistsException.class).hasMessageEndingWith("link: exists already");
        assertThatThrownBy(() -> AtomicFolder.create(parent, 0)).hasMessageEndingWith(": exists already");
        assertThatThrownBy(() -> AtomicFolder.create(parent.resolve("none/new"), 0))
                .hasMessageEndingWith("none/new: its folder does not exist");
    }

    @Test
    void refusesADiskThatIsTooSmallBeforehand() throws IOException {
        assertThatThrownBy(() -> AtomicFolder.create(parent.resolve("new"), Long.MAX_VALUE / 2))
                .isInstanceOf(IOException.class).hasMessageContaining("MB of disk").hasMessageEndingWith("MB are free");
        assertThat(names()).isEmpty();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s did not come within %s", what, LIMIT).isLessThan(deadline);
            Thread.sleep(1);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
