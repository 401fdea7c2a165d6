package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.search.index.FileStamp;
import dev.mme5.search.index.IndexEntry;
import dev.mme5.search.index.Indexes;
import dev.mme5.search.index.SharedTimes;
import dev.mme5.weights.file.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the times of a file say that it has not changed, and when they say nothing. */
class FileTimesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final long NANOS = LONG_AGO.toMillis() * 1_000_000;

    private static EmbeddingModel model;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        model = Indexes.model(2);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void timesThatManyFilesShareAreNotTrusted() {
        List<IndexEntry> entries = new ArrayList<>();
        for (int i = 0; i < 9; i++) entries.add(entry(stamp("a" + i, NANOS, 7)));
        for (int i = 0; i < 8; i++) entries.add(entry(stamp("b" + i, NANOS, 5)));

        SharedTimes times = new SharedTimes(entries);

        assertThat(times.sayNothing(stamp("a0", NANOS, 7))).isTrue();
        assertThat(times.sayNothing(stamp("b0", NANOS, 5))).isFalse();
        assertThat(times.sayNothing(stamp("c", NANOS, 6))).isFalse();
    }

    /** As squashfs, ISO 9660 and FAT have them. */
    @Test
    void oneTimeOfWholeSecondsIsNotTrusted() {
        long second = 1_700_000_000_000_000_000L;
        SharedTimes times = new SharedTimes(List.of());

        assertThat(times.sayNothing(stamp("a", second, second))).isTrue();
        assertThat(times.sayNothing(stamp("a", second, 0))).isTrue();
        assertThat(times.sayNothing(stamp("a", second, second + 1))).isFalse();
        assertThat(times.sayNothing(stamp("a", second + 1, second + 1))).isFalse();
        assertThat(times.sayNothing(stamp("a", second + 1, 0))).isFalse();
    }

    @Test
    void indexOfAnEarlierVersionIsReadAndItsFilesAreComparedOnce() throws Exception {
        Path text = Files.writeString(folder.resolve("a.txt"), "a cat");
        Files.setLastModifiedTime(text, LONG_AGO);
        float[] vector = model.embed(Input.text("a cat")).values();
        String content = new TextFile("a.txt", text).contentKey(List.of(sha("a cat")));
        String line = """
                {"id":"a.txt","kind":"text","title":"a cat","content":"%s","files":[{"name":"a.txt","size":5,"modified":%d,"sha256":"%s"}]}
                """.formatted(content, NANOS, sha("a cat"));
        Path file = Indexes.write(folder.resolve(".index"), model.fingerprint(), List.of(vector), line);
        Thread.sleep(60); // times of files that have just been written are not trusted

        boolean hasChangeTimes = folder.getFileSystem().supportedFileAttributeViews().contains("unix");
        assertThat(update(file)).isEqualTo(new IndexReport(1, 0, hasChangeTimes, List.of()));
        assertThat(update(file)).isEqualTo(new IndexReport(1, 0, false, List.of()));

        Files.writeString(text, "a pig");
        Files.setLastModifiedTime(text, LONG_AGO);
        assumeTrue(hasChangeTimes);
        assertThat(update(file).embedded()).isEqualTo(1);
    }

    /** A copy on a read-only disk has other change times than the index. */
    @Test
    void indexThatCannotBeWrittenIsUsedIfOnlyTimesDiffer() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "a cat");
        Path file = folder.resolve(".index");
        update(file);
        Files.setLastModifiedTime(folder.resolve("a.txt"), LONG_AGO);
        Files.createDirectory(folder.resolve(".index.partial")); // the journal cannot be written

        assertThat(update(file)).isEqualTo(new IndexReport(1, 0, false, List.of()));

        Files.writeString(folder.resolve("a.txt"), "changed");
        assertThat(catchThrowable(() -> update(file)))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("the index cannot be written");
    }

    private IndexReport update(Path file) throws IOException {
        return new IndexUpdate(model, file).run(FolderDocuments.scan(folder), false, IndexUpdate.Listener.NONE);
    }

    private static IndexEntry entry(FileStamp stamp) {
        return new IndexEntry(stamp.name(), "text", "", sha(stamp.name()), List.of(stamp), false);
    }

    private static FileStamp stamp(String name, long modified, long changed) {
        return new FileStamp(name, 1, modified, changed, sha(name));
    }

    private static String sha(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
