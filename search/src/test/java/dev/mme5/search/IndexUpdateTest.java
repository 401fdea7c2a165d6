package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import dev.mme5.search.index.IndexEntry;
import dev.mme5.search.index.IndexFile;
import dev.mme5.search.index.Indexes;
import dev.mme5.weights.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
        image("c.png", "grad_3x1.png");
    }

    @Test
    void theFirstRunEmbedsEverything() throws IOException {
        IndexReport report = update();

        assertThat(report).isEqualTo(new IndexReport(3, 3, true, List.of()));
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(0)).isEqualTo(model.embed(Input.text("a cat")).values());
            assertThat(index.vector(2)).isEqualTo(model.embed(Input.image(folder.resolve("c.png"))).values());
            assertThat(index.document(0).title()).isEqualTo("a cat");
            assertThat(index.document(2).title()).isEmpty();
        }
        assertThat(entry(2).files().getFirst().modified()).isEqualTo(LONG_AGO.toMillis() * 1_000_000);
        assertOnlyTheIndexIsLeft();
    }

    @Test
    void unchangedFolderReadsAndWritesNothing() throws IOException {
        update();
        byte[] previous = Files.readAllBytes(file);
        Files.setLastModifiedTime(file, LONG_AGO);

        IndexReport report = update();

        assertThat(report).isEqualTo(new IndexReport(3, 0, false, List.of()));
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
        assertThat(file).hasBinaryContent(previous);
    }

    @Test
    void fileOfTheSameSizeAndTimeIsNoticedByItsChangeTime() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("unix"));
        update();
        Files.writeString(folder.resolve("a.txt"), "a pig"); // as long as before
        Files.setLastModifiedTime(folder.resolve("a.txt"), LONG_AGO); // and as old

        assertThat(update()).isEqualTo(new IndexReport(3, 1, true, List.of()));
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
    void timeOfANewFileIsNotTrusted() throws IOException {
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
    void unreadableDocumentFailsAloneAndIsTriedAgain() throws IOException {
        text("bad.png", "no image");
        Files.write(folder.resolve("bad.txt"), new byte[] {(byte) 0xff});

        IndexReport report = update();

        assertThat(report.documents()).isEqualTo(3);
        assertThat(report.failures()).extracting(IndexReport.Failure::message).containsExactly(
                "bad.png: is not an image: PNG, JPEG, WebP, TIFF, GIF, BMP, ICO, PNM, PCX, QOI and TGA are supported",
                "bad.txt: is not a text in UTF-8");
        assertThat(update()).isEqualTo(new IndexReport(3, 0, false, report.failures()));

        text("bad.txt", "good");
        assertThat(update().failures()).hasSize(1);
        assertIndexHolds("a.txt", "b.txt", "bad.txt", "c.png");
    }

    @Test
    void lastLineBreaksAndByteOrderMarkAreNotPartOfTheText() throws IOException {
        text("a.txt", "\uFEFFa cat\r\n\n");
        update();

        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(0)).isEqualTo(model.embed(Input.text("a cat")).values());
        }
    }

    @Test
    void inputDocumentsAreRecognisedByTextAndImages() throws IOException {
        Path image = folder.resolve("c.png");
        Document words = new InputDocument("1", Input.text("a cat"), folder);
        Document both = new InputDocument("2", Input.images(List.of(ImageSource.of(image)), "what is it?"), folder);
        Document other = new InputDocument("3", Input.images(List.of(ImageSource.of(image)), "who is it?"), folder);
        Document shorter = new InputDocument("4", Input.text("a cat").withMaxTokens(2), folder);

        assertThat(run(words, both).embedded()).isEqualTo(2);
        assertThat(run(words, both, other, shorter).embedded()).isEqualTo(2);
        assertThat(run(other, words)).isEqualTo(new IndexReport(2, 0, true, List.of()));
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.document(0).kind()).isEqualTo(Document.Kind.MIXED);
            assertThat(index.document(0).title()).isEqualTo("who is it?");
        }
        assertThat(entry(0).files().getFirst().name()).isEqualTo("c.png");
    }

    @Test
    void indexOfOtherOptionsIsRefusedUntilRebuilt() throws IOException {
        update();
        try (EmbeddingModel other = EmbeddingModel.open(Indexes.MODEL, Options.defaults().withMaxTokens(3))) {
            assertThatThrownBy(() -> new IndexUpdate(other, file).run(documents(), IndexUpdate.Listener.NONE))
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining(": was made with other options: max_tokens 131072, not 3")
                    .hasFieldOrPropertyWithValue("remedy", IndexException.Remedy.REBUILD);
            IndexReport report = new IndexUpdate(other, file, true).run(documents(), IndexUpdate.Listener.NONE);
            assertThat(report).isEqualTo(new IndexReport(3, 3, true, List.of(), List.of(), List.of(), 2));
        }
        assertThatThrownBy(this::update).isInstanceOf(IndexException.class);
    }

    @Test
    void damagedIndexIsRefusedUntilRebuilt() throws IOException {
        update();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        assertThatThrownBy(this::update).isInstanceOf(IndexException.class).hasMessageStartingWith(file + ": ")
                .hasFieldOrPropertyWithValue("remedy", IndexException.Remedy.REBUILD);
        assertThat(new IndexUpdate(model, file, true).run(documents(), IndexUpdate.Listener.NONE).embedded()).isEqualTo(3);
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    @Test
    void fileThatIsNoIndexIsNeverOverwritten() throws IOException {
        Path weights = folder.resolve("model.safetensors");
        new SafetensorsWriter().metadata("format", "pt").add("w", new float[4], 4).write(weights);
        byte[] previous = Files.readAllBytes(weights);
        for (boolean rebuild : new boolean[] {false, true}) {
            assertThatThrownBy(() -> new IndexUpdate(model, weights, rebuild).run(documents(), IndexUpdate.Listener.NONE))
                    .isInstanceOf(IndexException.class)
                    .hasMessage(weights + ": is not an index of mme5")
                    .hasFieldOrPropertyWithValue("remedy", IndexException.Remedy.OTHER_FILE);
        }
        assertThat(weights).hasBinaryContent(previous);
        assertThatThrownBy(() -> new IndexUpdate(model, folder).run(documents(), IndexUpdate.Listener.NONE))
                .hasMessage(folder + ": is not an index of mme5");
    }

    @Test
    void progressCountsTheDocumentsThatNeedWork() throws IOException {
        update();
        text("d.txt", "new");
        text("bad.png", "bad");
        List<String> calls = new ArrayList<>();

        new IndexUpdate(model, file).run(documents(), (done, total) -> calls.add(done + "/" + total));

        assertThat(calls).containsExactly("1/2", "2/2");
    }

    private IndexReport update() {
        return new IndexUpdate(model, file).run(documents(), IndexUpdate.Listener.NONE);
    }

    private IndexReport run(Document... documents) {
        return new IndexUpdate(model, file).run(List.of(documents), IndexUpdate.Listener.NONE);
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

    private IndexEntry entry(int row) {
        try (IndexFile index = IndexFile.open(file, model)) {
            return index.entries().get(row);
        }
    }

    private void assertIndexHolds(String... ids) {
        try (SearchIndex index = SearchIndex.open(file, model)) {
            List<String> found = new ArrayList<>();
            for (int i = 0; i < index.size(); i++) found.add(index.document(i).id());
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

    private void image(String name, String source) throws IOException {
        Files.copy(Indexes.IMAGES.resolve(source), folder.resolve(name));
        Files.setLastModifiedTime(folder.resolve(name), LONG_AGO);
    }
}
