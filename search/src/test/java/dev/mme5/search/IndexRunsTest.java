package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.search.index.Indexes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end early, and runs at the same time. */
class IndexRunsTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    private static EmbeddingModel model;

    @TempDir
    Path folder;

    private Path file;

    @BeforeAll
    static void open() {
        model = Indexes.model(2);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @BeforeEach
    void threeDocuments() throws IOException {
        file = folder.resolve(".index");
        text("a.txt", "a cat");
        text("b.txt", "ein Hund");
        Files.copy(Indexes.IMAGES.resolve("grad_3x1.png"), folder.resolve("c.png"));
        Files.setLastModifiedTime(folder.resolve("c.png"), LONG_AGO);
    }

    @Test
    void aRunGoesOnWhereABrokenOneStopped() throws IOException {
        for (int i = 0; i < 50; i++) text("t%02d.txt".formatted(i), "text " + i);
        class Stop extends RuntimeException {
            private static final long serialVersionUID = 1;
        }

        assertThatThrownBy(() -> new IndexUpdate(model, file).run(documents(), (done, total) -> {
            if (done == 20) throw new Stop();
        })).isInstanceOf(Stop.class);
        assertThat(file).doesNotExist();
        IndexReport report = update();

        assertThat(report.documents()).isEqualTo(53);
        assertThat(report.embedded()).isBetween(1, 53 - 19);
        byte[] resumed = Files.readAllBytes(file);
        Files.delete(file);
        update();
        assertThat(file).hasBinaryContent(resumed);
        assertOnlyTheIndexIsLeft();
    }

    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // nothing interrupts reading what a process says
    void aKilledRunLeavesAUsableState() throws Exception {
        for (int i = 0; i < 300; i++) text("t%03d.txt".formatted(i), "text number " + i);
        Process child = ChildJvm.of(Killed.class, folder.toString(), file.toString()).start();
        AtomicInteger waited = new AtomicInteger();
        IndexReport report;
        try {
            assertThat(child.getInputStream().read()).isEqualTo('!'); // half of it is done
            Files.writeString(folder.resolve("..index.killed-while-writing.tmp"), "half a file");
            report = new IndexUpdate(model, file).run(documents(), new IndexUpdate.Listener() {
                @Override
                public void progress(int done, int total) {}

                @Override
                public void waiting() {
                    waited.incrementAndGet();
                    assertThat(file).doesNotExist();
                    child.destroyForcibly();
                }
            });
        } finally {
            child.destroyForcibly();
        }

        assertThat(waited).as("the lock holds between processes").hasValue(1);
        assertThat(report.documents()).isEqualTo(303);
        assertThat(report.embedded()).isBetween(1, 160);
        try (SearchIndex index = SearchIndex.open(file, model)) {
            for (int row : new int[] {2, 3, 100, 200, 302}) {
                Path source = folder.resolve(index.document(row).id());
                Input input = index.document(row).kind() == Document.Kind.TEXT ? Input.text(Files.readString(source)) : Input.image(source);
                assertThat(index.vector(row)).isEqualTo(model.embed(input).values());
            }
        }
        assertOnlyTheIndexIsLeft();
    }

    /** Says so on stdout when half of the documents are done, and waits to be killed. */
    static final class Killed {
        public static void main(String[] args) throws IOException {
            List<Document> documents = FolderDocuments.scan(Path.of(args[0])).documents();
            try (EmbeddingModel model = Indexes.model(1)) {
                new IndexUpdate(model, Path.of(args[1])).run(documents, (done, total) -> {
                    if (done < total / 2) return;
                    System.out.print('!');
                    System.out.flush();
                    while (true) LockSupport.park();
                });
            }
        }
    }

    @Test
    @Timeout(120)
    void twoRunsAtOnceShareTheWork() throws Exception {
        for (int i = 0; i < 40; i++) text("t%02d.txt".formatted(i), "text " + i);
        List<IndexReport> reports = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                IndexReport report = update();
                synchronized (reports) {
                    reports.add(report);
                }
            }));
        }
        for (Thread thread : threads) thread.join();

        assertThat(reports).hasSize(3).allMatch(report -> report.documents() == 43 && report.failures().isEmpty());
        assertThat(reports.stream().mapToInt(IndexReport::embedded).sum()).isEqualTo(43);
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.size()).isEqualTo(43);
        }
        assertOnlyTheIndexIsLeft();
    }

    private IndexReport update() {
        return new IndexUpdate(model, file).run(documents(), IndexUpdate.Listener.NONE);
    }

    private List<Document> documents() {
        try {
            Thread.sleep(60); // times of files that have just been written are not trusted
            return FolderDocuments.scan(folder).documents();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertOnlyTheIndexIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .containsExactly(".index");
        }
    }

    private void text(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        Files.setLastModifiedTime(folder.resolve(name), LONG_AGO); // else its time is not remembered
    }
}
