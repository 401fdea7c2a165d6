package dev.mme5.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.engine.Picture;
import dev.mme5.json.Json;
import dev.mme5.tokenizer.Tokenizer;
import dev.mme5.weights.Checkpoint;
import dev.mme5.weights.SafetensorsWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

class IndexUpdateTest {
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
        picture("c.png", "grad_3x1.png");
    }

    @Test
    void theFirstRunEmbedsEverything() throws IOException {
        IndexReport report = update();

        assertThat(report).isEqualTo(new IndexReport(3, 3, true, List.of()));
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(0)).isEqualTo(model.embed(Input.text("a cat")).values());
            assertThat(index.vector(2)).isEqualTo(model.embed(Input.image(folder.resolve("c.png"))).values());
            assertThat(index.entry(0).title()).isEqualTo("a cat");
            assertThat(index.entry(2).title()).isEmpty();
            assertThat(index.entry(2).files().getFirst().modified()).isEqualTo(LONG_AGO.toMillis() * 1_000_000);
        }
        assertOnlyTheIndexIsLeft();
    }

    @Test
    void nothingIsReadOrWrittenWhenNothingChanged() throws IOException {
        update();
        byte[] before = Files.readAllBytes(file);
        Files.setLastModifiedTime(file, LONG_AGO);
        Files.writeString(folder.resolve("a.txt"), "a pig"); // as long as before
        Files.setLastModifiedTime(folder.resolve("a.txt"), LONG_AGO); // and as old: not looked into

        IndexReport report = update();

        assertThat(report).isEqualTo(new IndexReport(3, 0, false, List.of()));
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void newAndChangedDocumentsAreEmbeddedAndRemovedOnesDropped() throws IOException {
        update();
        text("b.txt", "eine Katze");
        text("0.txt", "first now");
        Files.delete(folder.resolve("a.txt"));

        IndexReport report = update();

        assertThat(report).isEqualTo(new IndexReport(3, 2, true, List.of()));
        assertIndexHolds("0.txt", "b.txt", "c.png");
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(1)).isEqualTo(model.embed(Input.text("eine Katze")).values());
        }
    }

    @Test
    void aFileOfTheSameContentIsNotEmbeddedAgain() throws IOException {
        update();
        Files.setLastModifiedTime(folder.resolve("a.txt"), FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));

        assertThat(update()).isEqualTo(new IndexReport(3, 0, true, List.of()));
        assertThat(update()).isEqualTo(new IndexReport(3, 0, false, List.of()));
    }

    @Test
    void aFileOfTheSameSizeAndAnotherTimeIsComparedByContent() throws IOException {
        update();
        Files.writeString(folder.resolve("a.txt"), "a pig");
        Files.setLastModifiedTime(folder.resolve("a.txt"), FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));

        assertThat(update().embedded()).isEqualTo(1);
    }

    @Test
    void aFileThatWasJustWrittenIsNotTrustedByItsTime() throws IOException {
        FileTime now = FileTime.from(Instant.now());
        Files.setLastModifiedTime(folder.resolve("a.txt"), now);
        update();
        Files.writeString(folder.resolve("a.txt"), "a pig");
        Files.setLastModifiedTime(folder.resolve("a.txt"), now);

        assertThat(update().embedded()).isEqualTo(1);
    }

    @Test
    void renamedAndCopiedDocumentsKeepTheirVectors() throws IOException {
        update();
        Files.move(folder.resolve("c.png"), folder.resolve("d.png"));
        Files.copy(folder.resolve("a.txt"), folder.resolve("e.txt"), StandardCopyOption.COPY_ATTRIBUTES);

        assertThat(update()).isEqualTo(new IndexReport(4, 0, true, List.of()));
        assertIndexHolds("a.txt", "b.txt", "d.png", "e.txt");
    }

    @Test
    void equalDocumentsAreEmbeddedOnce() throws IOException {
        for (int i = 0; i < 20; i++) text("same-" + i + ".txt", "the same");

        assertThat(update()).isEqualTo(new IndexReport(23, 4, true, List.of()));
    }

    @Test
    void aBadDocumentFailsAloneAndIsTriedAgain() throws IOException {
        text("bad.png", "no picture");
        Files.write(folder.resolve("bad.txt"), new byte[] {(byte) 0xff});

        IndexReport report = update();

        assertThat(report.documents()).isEqualTo(3);
        assertThat(report.failures()).extracting(IndexReport.Failure::message).containsExactly(
                "bad.png: is not a picture: PNG, JPEG, GIF and BMP are supported", "bad.txt: is not a text in UTF-8");
        assertThat(update()).isEqualTo(new IndexReport(3, 0, false, report.failures()));

        text("bad.txt", "good");
        assertThat(update().failures()).hasSize(1);
        assertIndexHolds("a.txt", "b.txt", "bad.txt", "c.png");
    }

    @Test
    void aTextEndsBeforeItsLastLineBreaksAndBeginsBehindAByteOrderMark() throws IOException {
        text("a.txt", "\uFEFFa cat\r\n\n");
        update();

        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(0)).isEqualTo(model.embed(Input.text("a cat")).values());
        }
    }

    @Test
    void givenInputsAreRecognisedByTheirWordsAndPictures() throws IOException {
        Path picture = folder.resolve("c.png");
        Document words = new Document.Given("1", Input.text("a cat"), folder);
        Document both = new Document.Given("2", Input.images(List.of(Picture.of(picture)), "what is it?"), folder);
        Document other = new Document.Given("3", Input.images(List.of(Picture.of(picture)), "who is it?"), folder);
        Document shorter = new Document.Given("4", Input.text("a cat").withMaxTokens(2), folder);

        assertThat(run(words, both).embedded()).isEqualTo(2);
        assertThat(run(words, both, other, shorter).embedded()).isEqualTo(2);
        assertThat(run(other, words)).isEqualTo(new IndexReport(2, 0, true, List.of()));
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.entry(0).kind()).isEqualTo(Document.Kind.MIXED);
            assertThat(index.entry(0).title()).isEqualTo("who is it?");
            assertThat(index.entry(0).files().getFirst().name()).isEqualTo("c.png");
        }
    }

    @Test
    void anIndexOfOtherOptionsIsRefusedUntilItIsRebuilt() throws IOException {
        update();
        try (EmbeddingModel other = EmbeddingModel.open(Indexes.MODEL, Options.defaults().withMaxTokens(3))) {
            assertThatThrownBy(() -> new IndexUpdate(other, file).run(documents(), IndexUpdate.Listener.NONE))
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining("was made with another model or other options")
                    .hasMessageContaining("--rebuild");
            IndexReport report = new IndexUpdate(other, file, true).run(documents(), IndexUpdate.Listener.NONE);
            assertThat(report).isEqualTo(new IndexReport(3, 3, true, List.of()));
        }
        assertThatThrownBy(this::update).isInstanceOf(IndexException.class);
    }

    @Test
    void aDamagedIndexIsRefusedUntilItIsRebuilt() throws IOException {
        update();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        assertThatThrownBy(this::update).isInstanceOf(IndexException.class).hasMessageStartingWith(file + ": ");
        assertThat(new IndexUpdate(model, file, true).run(documents(), IndexUpdate.Listener.NONE).embedded()).isEqualTo(3);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void anythingElseIsNeverOverwritten() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        new SafetensorsWriter().metadata("format", "pt").add("w", new float[4], 4).write(weights);
        byte[] before = Files.readAllBytes(weights);
        for (boolean rebuild : new boolean[] {false, true}) {
            assertThatThrownBy(() -> new IndexUpdate(model, weights, rebuild).run(documents(), IndexUpdate.Listener.NONE))
                    .isInstanceOf(IndexException.class)
                    .hasMessage(weights + ": is not an index of mme5; name another file with --index, or delete this one");
        }
        assertThat(weights).hasBinaryContent(before);
        assertThatThrownBy(() -> new IndexUpdate(model, folder).run(documents(), IndexUpdate.Listener.NONE))
                .hasMessage(folder + ": is not an index of mme5; name another file with --index, or delete this one");
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
    @Timeout(120)
    void aKilledRunLeavesAUsableState() throws Exception {
        for (int i = 0; i < 300; i++) text("t%03d.txt".formatted(i), "text number " + i);
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules", "jdk.incubator.vector",
                        "-cp", classPathOf(Killed.class, EmbeddingModel.class, Tokenizer.class, Checkpoint.class, Json.class),
                        Killed.class.getName(), folder.toString(), file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(child.getInputStream().read()).isEqualTo('!'); // half of it is done
        Files.writeString(folder.resolve("..index.killed-while-writing.tmp"), "half a file");
        AtomicInteger waited = new AtomicInteger();

        IndexReport report = new IndexUpdate(model, file).run(documents(), new IndexUpdate.Listener() {
            @Override
            public void progress(int done, int total) {}

            @Override
            public void waiting() {
                waited.incrementAndGet();
                assertThat(file).doesNotExist();
                child.destroyForcibly();
            }
        });

        assertThat(waited).as("the lock holds between processes").hasValue(1);
        assertThat(report.documents()).isEqualTo(303);
        assertThat(report.embedded()).isBetween(1, 160);
        try (SearchIndex index = SearchIndex.open(file, model)) {
            for (int row : new int[] {2, 3, 100, 200, 302}) {
                Path source = folder.resolve(index.entry(row).id());
                Input input = index.entry(row).kind() == Document.Kind.TEXT ? Input.text(Files.readString(source)) : Input.image(source);
                assertThat(index.vector(row)).isEqualTo(model.embed(input).values());
            }
        }
        assertOnlyTheIndexIsLeft();
    }

    /** Tests run on the module path, a child on the class path. */
    private static String classPathOf(Class<?>... types) throws URISyntaxException {
        StringBuilder path = new StringBuilder();
        for (Class<?> type : types) {
            String name = type.getName().replace('.', '/') + ".class";
            String url = type.getResource("/" + name).toString();
            String root = url.substring(0, url.length() - name.length());
            if (root.startsWith("jar:")) root = root.substring("jar:".length(), root.length() - "!/".length());
            path.append(path.isEmpty() ? "" : File.pathSeparator).append(Path.of(new URI(root)));
        }
        return path.toString();
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

    @Test
    void progressCountsTheDocumentsThatNeedWork() throws IOException {
        update();
        text("d.txt", "new");
        text("bad.png", "bad");
        List<String> heard = new ArrayList<>();

        new IndexUpdate(model, file).run(documents(), (done, total) -> heard.add(done + "/" + total));

        assertThat(heard).containsExactly("1/2", "2/2");
    }

    private IndexReport update() {
        return new IndexUpdate(model, file).run(documents(), IndexUpdate.Listener.NONE);
    }

    private IndexReport run(Document... documents) {
        return new IndexUpdate(model, file).run(List.of(documents), IndexUpdate.Listener.NONE);
    }

    private List<Document> documents() {
        try {
            return FolderDocuments.scan(folder).documents();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertIndexHolds(String... ids) {
        try (SearchIndex index = SearchIndex.open(file, model)) {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < index.size(); i++) found.add(index.entry(i).id());
            assertThat(found).containsExactly(ids);
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
        Files.setLastModifiedTime(folder.resolve(name), LONG_AGO);
    }

    private void picture(String name, String source) throws IOException {
        Files.copy(Indexes.PICTURES.resolve(source), folder.resolve(name));
        Files.setLastModifiedTime(folder.resolve(name), LONG_AGO);
    }
}
