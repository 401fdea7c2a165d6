package dev.mme5.search.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.search.folder.FolderScan.Gap;
import dev.mme5.search.folder.FolderScan.Problem;
import dev.mme5.search.folder.FolderScan.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the walk makes of errors that a test cannot bring about, such as those of a dead mount. */
class FolderWalkTest {
    @TempDir
    Path folder;

    private FolderWalk walk;

    @BeforeEach
    void start() {
        walk = new FolderWalk(folder, Globs.of(FolderScan.DEFAULT_EXCLUDES));
    }

    @Test
    void whateverCannotBeLookedAtIsReportedWhateverItsName() throws IOException {
        walk.visitFileFailed(folder.resolve("mount"), failure("mount", "Transport endpoint is not connected"));
        walk.visitFileFailed(folder.resolve("a.txt"), failure("a.txt", "Input/output error"));
        walk.visitFileFailed(folder.resolve("long"), failure("long", "File name too long"));
        walk.visitFileFailed(folder.resolve("secret"), new AccessDeniedException("secret"));

        assertThat(walk.result().problems()).containsExactly(
                new Problem("mount", "cannot be read: Transport endpoint is not connected"),
                new Problem("a.txt", "cannot be read: Input/output error"),
                new Problem("long", "cannot be read: File name too long"),
                new Problem("secret", "cannot be read: permission denied"));
        assertThat(walk.result().gaps()).extracting(Gap::id).containsExactly("mount", "a.txt", "long", "secret");
        assertThat(walk.result().gaps()).extracting(Gap::reason).containsOnly(Reason.UNREADABLE);
    }

    @Test
    void folderThatCannotBeListedToItsEndIsAGap() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        walk.preVisitDirectory(sub, Files.readAttributes(sub, BasicFileAttributes.class));
        walk.postVisitDirectory(sub, failure("sub", "Input/output error"));

        assertThat(walk.result().problems()).containsExactly(new Problem("sub", "cannot be read to its end: Input/output error"));
        assertThat(walk.result().gaps()).containsExactly(new Gap("sub", Reason.UNREADABLE));
    }

    @Test
    void whatIsGoneHiddenOrExcludedIsNoProblem() throws IOException {
        walk.visitFileFailed(folder.resolve("a.txt"), new NoSuchFileException("a.txt"));
        walk.visitFileFailed(folder.resolve(".cache"), failure(".cache", "Input/output error"));
        walk.visitFileFailed(folder.resolve("lost+found"), new AccessDeniedException("lost+found"));

        assertThat(walk.result()).isEqualTo(new FolderScan(List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void rootThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> walk.visitFileFailed(folder, failure("", "Input/output error"))).isInstanceOf(FileSystemException.class);
    }

    @Test
    void emptyFoldersAndBrokenLinksAreGaps() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Files.createFile(Files.createDirectory(folder.resolve("hidden")).resolve(".keep"));
        Files.writeString(Files.createDirectory(folder.resolve("full")).resolve("x.dat"), "x");
        Files.createSymbolicLink(folder.resolve("disk"), folder.resolve("nowhere"));

        assertThat(walk.scan().gaps()).containsExactlyInAnyOrder(
                new Gap("a/b", Reason.EMPTY), new Gap("hidden", Reason.EMPTY), new Gap("disk", Reason.BROKEN_LINK));
    }

    private static FileSystemException failure(String file, String reason) {
        return new FileSystemException(file, null, reason);
    }
}
