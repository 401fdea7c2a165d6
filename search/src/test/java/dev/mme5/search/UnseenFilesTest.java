package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.ImageSource;
import dev.mme5.engine.Input;
import dev.mme5.search.index.Indexes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a run could not look at are not gone: they keep their vectors. And names that are no text have vectors of their own. */
class UnseenFilesTest {
    private static EmbeddingModel model;

    @TempDir
    Path temp;

    private Path folder;
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
    void documents() throws IOException {
        folder = Files.createDirectory(temp.resolve("docs"));
        file = temp.resolve("index");
        text("a.txt", "a cat");
        for (int i = 0; i < 12; i++) text("disk/" + i + ".txt", "number " + i);
    }

    /** JUnit cannot delete paths that are too long. */
    @AfterEach
    void delete() throws Exception {
        shell("rm -rf docs");
    }

    @Test
    void emptyFolderKeepsManyDocumentsUntilPruned() throws Exception {
        update(false);
        shell("rm docs/disk/*");

        IndexReport kept = update(false);
        assertThat(kept.kept()).containsExactly(new IndexReport.Kept("disk", 12, false));
        assertThat(kept.kept().getFirst().message()).isEqualTo("disk: is empty, so 12 documents that the index has below it are kept");
        assertThat(kept.documents()).isEqualTo(13);
        assertThat(kept.written()).isFalse();
        text("b.txt", "new");
        assertThat(update(false).documents()).isEqualTo(14);
        assertThat(ids()).startsWith("a.txt", "b.txt", "disk/0.txt", "disk/1.txt", "disk/10.txt");

        IndexReport pruned = update(true);
        assertThat(pruned).isEqualTo(new IndexReport(2, 0, true, List.of()));
        assertThat(ids()).containsExactly("a.txt", "b.txt");
    }

    @Test
    void folderWhoseFilesAreExcludedIsNotEmpty() throws Exception {
        update(false);

        FolderDocuments scan = FolderDocuments.scan(folder, List.of("disk/*"));
        IndexReport report = new IndexUpdate(model, file).run(scan, false, IndexUpdate.Listener.NONE);

        assertThat(report).isEqualTo(new IndexReport(1, 0, true, List.of()));
    }

    @Test
    void scannedFolderItselfMayBeTheEmptyMountPoint() throws Exception {
        update(false);
        shell("rm -r docs/*");

        assertThat(update(false).kept()).containsExactly(new IndexReport.Kept("", 13, false));
        assertThat(ids()).hasSize(13);
    }

    @Test
    void fewDocumentsOfAnEmptyFolderAreDropped() throws Exception {
        shell("rm docs/disk/?.txt");
        update(false);
        shell("rm docs/disk/*");

        assertThat(update(false)).isEqualTo(new IndexReport(1, 0, true, List.of()));
    }

    @Test
    void manyEmptyFoldersKeepTheirDocumentsTogether() throws Exception {
        shell("rm -r docs/disk");
        for (int i = 0; i < 12; i++) text("album" + i + "/x.txt", "number " + i);
        update(false);
        shell("rm docs/album*/x.txt");

        IndexReport report = update(false);

        assertThat(report.kept()).hasSize(12).contains(new IndexReport.Kept("album0", 1, false));
        assertThat(report.documents()).isEqualTo(13);
        assertThat(update(true).documents()).isEqualTo(1);
    }

    @Test
    void rebuildKeepsWhatItCannotSee() throws Exception {
        update(false);
        shell("rm docs/disk/*");

        IndexReport report = new IndexUpdate(model, file, true).run(FolderDocuments.scan(folder), false, IndexUpdate.Listener.NONE);

        assertThat(report).isEqualTo(
                new IndexReport(13, 1, true, List.of(), List.of(), List.of(new IndexReport.Kept("disk", 12, false)), 0));
        assertThat(new IndexUpdate(model, file, true).run(FolderDocuments.scan(folder), true, IndexUpdate.Listener.NONE).documents())
                .isEqualTo(1);
    }

    @Test
    void linkThatWasADocumentIsKeptUntilPruned() throws Exception {
        shell("mv docs/a.txt target && ln -s ../target docs/a.txt");
        update(false);
        shell("mv target away");

        IndexReport kept = update(false);

        assertThat(kept.kept()).containsExactly(new IndexReport.Kept("a.txt", 1, true));
        assertThat(kept.kept().getFirst().message()).isEqualTo("a.txt: leads nowhere, so 1 document that the index has there is kept");
        assertThat(ids()).contains("a.txt");
        assertThat(update(true).documents()).isEqualTo(12);
    }

    @Test
    void missingImageOfAnInputKeepsItsVectorUntilPruned() throws Exception {
        Path image = Files.copy(Indexes.IMAGES.resolve("grey_40x40.png"), folder.resolve("x.png"));
        List<Document> lines = List.of(
                new InputDocument("1", Input.image(image), folder),
                new InputDocument("2", Input.images(List.of(new ImageSource.File(image)), "a cat"), folder),
                new InputDocument("3", Input.text("a dog"), folder));
        FolderDocuments scan = new FolderDocuments(lines, List.of(), List.of(), List.of());
        new IndexUpdate(model, file).run(scan, false, IndexUpdate.Listener.NONE);
        Files.delete(image);

        for (boolean rebuild : new boolean[] {false, true}) {
            IndexReport report = new IndexUpdate(model, file, rebuild).run(scan, false, IndexUpdate.Listener.NONE);
            assertThat(report.failures()).extracting(IndexReport.Failure::message).containsExactly(
                    "1: x.png: does not exist; its earlier vector is kept", "2: x.png: does not exist; its earlier vector is kept");
            assertThat(ids()).containsExactly("1", "2", "3");
        }
        IndexReport pruned = new IndexUpdate(model, file).run(scan, true, IndexUpdate.Listener.NONE);
        assertThat(pruned.failures()).extracting(IndexReport.Failure::message).contains("1: x.png: does not exist");
        assertThat(ids()).containsExactly("3");
    }

    @Test
    void deletedFolderIsDropped() throws Exception {
        update(false);
        shell("rm -r docs/disk");

        assertThat(update(false)).isEqualTo(new IndexReport(1, 0, true, List.of()));
    }

    @Test
    void documentsBehindALinkThatLeadsNowhereAreKept() throws Exception {
        shell("mv docs/disk target && ln -s ../target docs/disk");
        update(false);
        shell("mv target away");

        assertThat(update(false).kept()).containsExactly(new IndexReport.Kept("disk", 12, true));
        assertThat(ids()).hasSize(13);
        assertThat(update(true).documents()).isEqualTo(1);
    }

    @Test
    void pathThatHasBecomeTooLongIsReportedAndKeepsItsVector() throws Exception {
        update(false);
        Path deep = folder.resolve("disk");
        String name = "d".repeat(250);
        while (deep.toString().length() + 252 < 4090) deep = Files.createDirectory(deep.resolve(name));
        shell("mv docs/disk/0.txt keep && cd '" + deep + "' && mkdir -p " + name + " && echo deep > " + name + "/deep.txt");
        shell("rm keep");

        FolderDocuments scan = FolderDocuments.scan(folder);

        assertThat(scan.failures()).hasSize(1);
        assertThat(scan.failures().getFirst().message()).startsWith("disk/ddd").endsWith(": cannot be read: File name too long")
                .hasSizeLessThan(400);
        assertThat(scan.gaps()).extracting(FolderDocuments.Gap::kind).contains(FolderDocuments.Gap.Kind.UNREADABLE);
    }

    @Test
    void whatLiesBelowAFolderThatCannotBeReadKeepsItsVectors() throws Exception {
        update(false);
        FolderDocuments all = FolderDocuments.scan(folder);
        List<Document> seen = all.documents().stream().filter(document -> !document.id().startsWith("disk/")).toList();
        FolderDocuments.Gap gap = new FolderDocuments.Gap("disk", FolderDocuments.Gap.Kind.UNREADABLE);
        FolderDocuments dead = new FolderDocuments(seen, List.of(), List.of(), List.of(gap));

        for (boolean prune : new boolean[] {false, true}) {
            IndexReport report = new IndexUpdate(model, file).run(dead, prune, IndexUpdate.Listener.NONE);
            assertThat(report).isEqualTo(new IndexReport(13, 0, false, List.of()));
        }
        assertThat(update(false).embedded()).isZero();
    }

    @Test
    void fileThatCannotBeReadFailsAndKeepsItsVector() throws Exception {
        Path unreadable = Path.of("/proc/self/mem"); // a regular file whose first byte is an input/output error
        assumeTrue(Files.isRegularFile(unreadable));
        update(false);
        Files.delete(folder.resolve("a.txt"));
        Files.createSymbolicLink(folder.resolve("a.txt"), unreadable);

        IndexReport report = update(false);

        assertThat(report.failures()).extracting(IndexReport.Failure::message)
                .containsExactly("a.txt: cannot be read: Input/output error; its earlier vector is kept");
        assertThat(report.documents()).isEqualTo(13);
        try (SearchIndex index = SearchIndex.open(file, model)) {
            assertThat(index.vector(0)).isEqualTo(model.embed(Input.text("a cat")).values());
        }
    }

    @Test
    void namesThatDifferInAByteThatIsNoUtf8HaveTheirOwnVectors() throws Exception {
        shell("printf 'first' > \"$(printf 'docs/n\\377.txt')\" && printf 'second' > \"$(printf 'docs/n\\376.txt')\"");
        assumeTrue(FolderDocuments.scan(folder).documents().size() == 15); // some systems refuse such names

        update(false);

        assertThat(ids()).contains("n\\xFE.txt", "n\\xFF.txt");
        try (SearchIndex index = SearchIndex.open(file, model)) {
            int row = ids().indexOf("n\\xFE.txt");
            assertThat(index.vector(row)).isEqualTo(model.embed(Input.text("second")).values());
            assertThat(index.vector(row + 1)).isEqualTo(model.embed(Input.text("first")).values());
        }
        assertThat(update(false).embedded()).isZero();
    }

    /** Java decodes names by the locale; ids are the same whatever it is. */
    @Test
    void namesAreTheSameInEveryLocale() throws Exception {
        shell("rm -r docs/disk && : > \"$(printf 'docs/\\303\\204.png')\" && printf 'x' > \"$(printf 'docs/n\\377\\303\\204.txt')\" "
                + "&& echo x > 'docs/\\xFF?.txt'");
        List<String> ids = idsIn("C.UTF-8");

        assertThat(ids).contains("[\\u00C4.png] empty", "n\\xFF\\u00C4.txt", "\\x5CxFF?.txt");
        assertThat(idsIn("C")).isEqualTo(ids);
    }

    private List<String> idsIn(String locale) throws Exception {
        ProcessBuilder java = ChildJvm.of(Scan.class).directory(folder.toFile());
        java.environment().put("LC_ALL", locale);
        return ChildJvm.run(java).lines().toList();
    }

    /** Prints the ids of the working directory. */
    static final class Scan {
        public static void main(String[] args) throws IOException {
            FolderDocuments scan = FolderDocuments.scan(Path.of(""));
            for (Document document : scan.documents()) print(document.id());
            for (IndexReport.Skipped skipped : scan.skipped()) print("[" + skipped.id() + "] " + skipped.reason());
        }

        private static void print(String id) {
            StringBuilder ascii = new StringBuilder();
            for (char c : id.toCharArray()) ascii.append(c < 0x80 ? String.valueOf(c) : "\\u%04X".formatted((int) c));
            System.out.println(ascii);
        }
    }

    @Test
    void emptyDocumentsAndImagesThatCannotBeReadAreSkipped() throws Exception {
        text("blank.txt", "\uFEFF \u00a0\n\t\u200b");
        text("none.txt", "");
        Files.writeString(folder.resolve("phone.jpg"), "\0\0\0\030ftypheic\0\0\0\0");

        IndexReport report = update(false);

        assertThat(report.failures()).isEmpty();
        assertThat(report.documents()).isEqualTo(13);
        assertThat(report.skipped()).containsExactly(
                new IndexReport.Skipped("blank.txt", "empty"), new IndexReport.Skipped("phone.jpg", "HEIC"));
        assertThat(FolderDocuments.scan(folder).skipped()).containsExactly(new IndexReport.Skipped("none.txt", "empty"));
    }

    private IndexReport update(boolean prune) throws Exception {
        Thread.sleep(60); // times of files that have just been written are not trusted
        return new IndexUpdate(model, file).run(FolderDocuments.scan(folder), prune, IndexUpdate.Listener.NONE);
    }

    private List<String> ids() {
        try (SearchIndex index = SearchIndex.open(file, model)) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < index.size(); i++) ids.add(index.document(i).id());
            return ids;
        }
    }

    private void shell(String command) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", command).directory(temp.toFile()).inheritIO().start();
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
    }

    private void text(String name, String content) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), content);
        Files.setLastModifiedTime(folder.resolve(name), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }
}
