package dev.mme5.search.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.search.index.IndexFileException.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class IndexJournalTest {
    private static final String MODEL = "ab".repeat(32);
    private static final String FIRST = ContentKey.of(List.of("first"));
    private static final String SECOND = ContentKey.of(List.of("second"));

    @TempDir
    Path folder;

    @Test
    void appendedVectorsSurviveReopening() throws IOException {
        writeTwo();

        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isZero();
            assertThat(journal.row(SECOND)).isEqualTo(1);
            assertThat(floats(journal.vector(1))).containsExactly(4, 5, 6);
        }
    }

    @Test
    void aJournalWithoutVectorsLeavesNoFile() throws IOException {
        open().close();
        assertThat(file()).doesNotExist();

        try (IndexJournal journal = open()) {
            journal.delete();
            Files.writeString(file(), "of another run");
        }
        assertThat(file()).hasContent("of another run");
        assertThatThrownBy(this::open).isInstanceOf(IndexFileException.class);
        assertThat(file()).hasContent("of another run");
    }

    /** Somebody deletes INDEX.partial, so another process builds the index at the same time. */
    @Test
    void theFileOfAnotherRunIsNotDeleted() throws IOException {
        writeTwo();
        byte[] other = Files.readAllBytes(file());
        Files.delete(file());

        try (IndexJournal _ = open()) {
            Files.delete(file());
            Files.write(file(), other);
        }
        assertThat(file()).hasBinaryContent(other);

        Files.delete(file());
        try (IndexJournal journal = open()) {
            journal.append(FIRST, new float[] {1, 2, 3}, false);
            Files.delete(file());
            Files.write(file(), other);
            journal.delete();
        }
        assertThat(file()).hasBinaryContent(other);
    }

    @Test
    void damagedRecordEndsTheJournal() throws IOException {
        writeTwo();
        byte[] whole = Files.readAllBytes(file());
        int record = 32 + 3 * 4 + 1 + 4;
        for (int cut = 1; cut <= record; cut++) {
            Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
            assertOnlyTheFirst();

            byte[] damaged = whole.clone();
            damaged[whole.length - cut] ^= 1;
            Files.write(file(), damaged);
            assertOnlyTheFirst();
        }
    }

    private void assertOnlyTheFirst() throws IOException {
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isZero();
            assertThat(journal.row(SECOND)).isNull();
            assertThat(journal.append(SECOND, new float[] {7, 8, 9}, false)).isEqualTo(1);
            assertThat(floats(journal.vector(1))).containsExactly(7, 8, 9);
        }
    }

    @Test
    void journalKnowsWhichTextsWereCutOff() throws IOException {
        writeTwo();
        try (IndexJournal journal = open()) {
            assertThat(journal.truncated(journal.row(FIRST))).isFalse();
            assertThat(journal.truncated(journal.row(SECOND))).isTrue();
        }
    }

    @Test
    void journalOfAnEarlierVersionIsEmptied() throws IOException {
        ByteBuffer old = ByteBuffer.allocate(200);
        old.put("mme5jrnl".getBytes(StandardCharsets.US_ASCII)).put(MODEL.getBytes(StandardCharsets.US_ASCII));
        Files.write(file(), old.array());
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isNull();
        }
    }

    @Test
    void vectorsOfAnotherModelAndZerosAreDropped() throws IOException {
        writeTwo();
        try (IndexJournal journal = IndexJournal.open(folder.resolve("index"), "cd".repeat(32), 3, () -> {})) {
            assertThat(journal.row(FIRST)).isNull();
        }
        Files.write(file(), new byte[1000]);
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isNull();
            journal.append(FIRST, new float[] {1, 2, 3}, false);
        }
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isZero();
        }
    }

    @Test
    @Timeout(20)
    void secondJournalWaitsForTheFirst() throws InterruptedException {
        AtomicBoolean waiting = new AtomicBoolean();
        AtomicBoolean opened = new AtomicBoolean();
        Thread second = new Thread(() -> {
            try (IndexJournal journal = IndexJournal.open(folder.resolve("index"), MODEL, 3, () -> waiting.set(true))) {
                opened.set(journal.row(FIRST) == null && Files.exists(file()));
            }
        });
        try (IndexJournal first = open()) {
            first.append(FIRST, new float[3], false);
            second.start();
            while (!waiting.get()) Thread.sleep(10);
            Thread.sleep(250);
            assertThat(opened).isFalse();

            first.delete(); // the second has that file open and must not take it for the journal
        }
        second.join();

        assertThat(opened).isTrue();
    }

    @Test
    void missingFolderIsRefused() {
        Path index = folder.resolve("none/index");

        assertThatThrownBy(() -> IndexJournal.open(index, MODEL, 3, () -> {}))
                .isInstanceOf(IndexFileException.class)
                .hasFieldOrPropertyWithValue("problem", Problem.NOT_WRITABLE)
                .hasMessage(index + ".partial: the index cannot be written (no such folder)");
    }

    private void writeTwo() {
        try (IndexJournal journal = open()) {
            journal.append(FIRST, new float[] {1, 2, 3}, false);
            journal.append(SECOND, new float[] {4, 5, 6}, true);
        }
    }

    private IndexJournal open() {
        return IndexJournal.open(folder.resolve("index"), MODEL, 3, () -> {});
    }

    private Path file() {
        return folder.resolve("index.partial");
    }

    private static float[] floats(ByteBuffer bytes) {
        float[] values = new float[3];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    /** Found by fuzzing: after a duplicate content, rows were those of other contents. */
    @Test
    void duplicateContentDoesNotMoveOtherRows() throws IOException {
        writeTwo();
        byte[] whole = Files.readAllBytes(file());
        int record = 32 + 3 * 4 + 1 + 4;
        byte[] first = Arrays.copyOfRange(whole, whole.length - 2 * record, whole.length - record);
        byte[] twice = Arrays.copyOf(whole, whole.length + record);
        System.arraycopy(first, 0, twice, whole.length - record, record);
        System.arraycopy(whole, whole.length - record, twice, whole.length, record);
        Files.write(file(), twice);

        try (IndexJournal journal = open()) {
            assertThat(floats(journal.vector(journal.row(SECOND)))).containsExactly(4, 5, 6);
            assertThat(journal.append(ContentKey.of(List.of("third")), new float[] {7, 8, 9}, false)).isEqualTo(3);
            assertThat(floats(journal.vector(2))).containsExactly(4, 5, 6);
        }
    }

    /** In a folder from an untrusted source, a link could lead to any file of the user, and a search would empty it. */
    @Test
    void symbolicLinkIsRefused() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Files.createSymbolicLink(file(), precious);

        assertThatThrownBy(this::open).isInstanceOf(IndexFileException.class).hasFieldOrPropertyWithValue("problem", Problem.NOT_OURS)
                .hasMessage(file().toRealPath().getParent().resolve(file().getFileName())
                        + ": is a link, expected a file");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void fileThatIsNoJournalIsNotEmptied() throws IOException {
        Files.writeString(file(), "precious");

        assertThatThrownBy(this::open).isInstanceOf(IndexFileException.class).hasFieldOrPropertyWithValue("problem", Problem.NOT_OURS)
                .hasMessage(file().toRealPath() + ": is not a journal of mme5");
        assertThat(file()).hasContent("precious");
    }
}
