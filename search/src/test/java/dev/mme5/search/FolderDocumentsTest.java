package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.search.index.Indexes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FolderDocumentsTest {
    @TempDir
    Path folder;

    @Test
    void takesImagesAndTextsOfAllFoldersInOrder() throws IOException {
        touch("b.PNG", "a.txt", "sub/c.jpeg", "sub/deeper/d.Jpg", "e.gif", "f.bmp", "Ä.txt", "飛行機.txt");

        assertThat(ids()).containsExactly("a.txt", "b.PNG", "e.gif", "f.bmp", "sub/c.jpeg", "sub/deeper/d.Jpg", "Ä.txt", "飛行機.txt");
        assertThat(FolderDocuments.scan(folder).documents()).extracting(Document::kind).startsWith(
                Document.Kind.TEXT, Document.Kind.IMAGE, Document.Kind.IMAGE);
    }

    @Test
    void aModelOfTextsSkipsImages() throws IOException {
        touch("a.png", "b.txt", "c.jpg");

        FolderDocuments texts = FolderDocuments.scan(folder).withoutImages();

        assertThat(texts.documents()).extracting(Document::id).containsExactly("b.txt");
        assertThat(texts.skipped()).contains(
                new IndexReport.Skipped("a.png", IndexReport.Skipped.IMAGE), new IndexReport.Skipped("c.jpg", IndexReport.Skipped.IMAGE));
    }

    @Test
    void hiddenAndOtherFilesAreSkipped() throws IOException {
        touch("a.txt", ".hidden.txt", ".git/x.txt", "readme.md", "noextension", "png", ".mme5-index.safetensors");

        assertThat(ids()).containsExactly("a.txt");
    }

    @Test
    void imagesAreRecognisedByContentWhateverTheirNames() throws IOException {
        byte[] png = Files.readAllBytes(Indexes.IMAGES.resolve("grad_3x1.png"));
        for (String name : new String[] {"none", "a.JFIF", "a.dat", "a.jpg"}) Files.write(folder.resolve(name), png);
        Files.write(folder.resolve("phone"), "\0\0\0\030ftypheic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("logo.svg"), "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>");
        Files.writeString(folder.resolve("page.html"), "<html><svg></svg></html>");
        Files.writeString(folder.resolve("notes.md"), "BM is short for bitmap, and P5 is a grey map");
        touch("x.webp", "x.TIFF", "x.dib", "x.jpe", "x.mpo", "x.apng");
        Files.createFile(folder.resolve("empty.txt"));
        Files.createFile(folder.resolve("empty.png"));
        Files.createFile(folder.resolve("empty"));

        FolderDocuments found = FolderDocuments.scan(folder);

        assertThat(ids()).containsExactly(
                "a.JFIF", "a.dat", "a.jpg", "none", "x.TIFF", "x.apng", "x.dib", "x.jpe", "x.mpo", "x.webp");
        assertThat(found.skipped()).containsExactlyInAnyOrder(
                new IndexReport.Skipped("phone", "HEIC"), new IndexReport.Skipped("logo.svg", "SVG"),
                new IndexReport.Skipped("empty.txt", "empty"), new IndexReport.Skipped("empty.png", "empty"));
        assertThat(found.failures()).isEmpty();
    }

    @Test
    void foldersOfSystemsAndExcludedOnesAreSkipped() throws IOException {
        touch("a.txt", "@eaDir/b.txt", "x/__MACOSX/c.txt", "x/#recycle/d.txt", "x/old/e.txt", "old.txt", "x/y/f.txt", "x/y/z.jpg");

        assertThat(ids()).containsExactly("a.txt", "old.txt", "x/old/e.txt", "x/y/f.txt", "x/y/z.jpg");
        assertThat(FolderDocuments.scan(folder, List.of("old", "*.jpg")).documents()).extracting(Document::id)
                .contains("@eaDir/b.txt", "old.txt").doesNotContain("x/old/e.txt", "x/y/z.jpg");
        assertThat(FolderDocuments.scan(folder, List.of("x/*/?.txt", "@eaDir/")).documents()).extracting(Document::id)
                .containsExactly("a.txt", "old.txt", "x/y/z.jpg");
        assertThat(FolderDocuments.scan(folder, List.of("**/*.txt")).documents()).extracting(Document::id).containsExactly("x/y/z.jpg");
    }

    @Test
    void aHiddenFolderIsSearchedWhenItIsTheOneThatIsNamed() throws IOException {
        touch(".photos/a.txt");

        assertThat(FolderDocuments.scan(folder.resolve(".photos")).documents()).hasSize(1);
    }

    @Test
    @Timeout(10)
    void linksAreFollowedButNotInCircles() throws IOException {
        touch("real/a.txt", "real/b/c.txt");
        Files.createSymbolicLink(folder.resolve("real/b/loop"), folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("real/self"), folder.resolve("real/self"));
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("real/a.txt"));

        FolderDocuments found = FolderDocuments.scan(folder.resolve("real"));

        assertThat(found.documents()).extracting(Document::id).containsExactly("a.txt", "b/c.txt");
        assertThat(ids()).containsExactly("link.txt", "real/a.txt", "real/b/c.txt");
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // no interruption ends the walk
    void foldersNestedTenDeepWithLinksToOneAnotherAreEachSearchedOnce() throws IOException {
        List<Path> nested = new ArrayList<>(List.of(folder));
        List<String> expected = new ArrayList<>();
        for (int depth = 0; depth < 10; depth++) {
            String prefix = "d/".repeat(depth);
            touch(prefix + depth + ".txt", prefix + "d/" + "x.txt");
            expected.add(prefix + depth + ".txt");
            expected.add(prefix + "d/x.txt");
            nested.add(nested.getLast().resolve("d"));
        }
        for (Path from : nested) {
            for (int to = 0; to < nested.size(); to++) Files.createSymbolicLink(from.resolve("a" + to), nested.get(to));
        }

        assertThat(ids()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aFolderHasItsOwnNameAndElseThatOfTheFirstLink() throws IOException {
        touch("in/z/own.txt", "out/other.txt", "out/deeper/last.txt");
        Path in = folder.resolve("in");
        Files.createSymbolicLink(in.resolve("a"), in.resolve("z"));
        Files.createSymbolicLink(in.resolve("c"), folder.resolve("out"));
        Files.createSymbolicLink(in.resolve("b"), folder.resolve("out"));
        Files.createSymbolicLink(folder.resolve("link"), in);

        assertThat(FolderDocuments.scan(in).documents()).extracting(Document::id)
                .containsExactly("b/deeper/last.txt", "b/other.txt", "z/own.txt");
        assertThat(FolderDocuments.scan(folder.resolve("link")).documents()).hasSize(3);
    }

    @Test
    void aLinkToNothingIsAFailureIfItsNameIsADocuments() throws IOException {
        touch("a.txt");
        Files.createSymbolicLink(folder.resolve("gone.png"), folder.resolve("nowhere"));
        Files.createSymbolicLink(folder.resolve("gone.other"), folder.resolve("nowhere"));

        FolderDocuments found = FolderDocuments.scan(folder);

        assertThat(found.documents()).hasSize(1);
        assertThat(found.failures()).extracting(IndexReport.Failure::message)
                .containsExactly("gone.png: cannot be read: a link to nothing");
    }

    @Test
    @Timeout(10)
    void aPipeIsAFailureIfItsNameIsADocuments() throws IOException, InterruptedException {
        Process mkfifo = new ProcessBuilder("mkfifo", folder.resolve("pipe.txt").toString()).start();
        assumeTrue(mkfifo.waitFor(5, TimeUnit.SECONDS) && mkfifo.exitValue() == 0);

        assertThat(ids()).isEmpty();
        assertThat(FolderDocuments.scan(folder).failures()).extracting(IndexReport.Failure::message)
                .containsExactly("pipe.txt: cannot be read: not a regular file");
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> FolderDocuments.scan(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private List<String> ids() throws IOException {
        return FolderDocuments.scan(folder).documents().stream().map(Document::id).toList();
    }

    private void touch(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "content of " + name);
        }
    }
}
