package dev.mme5.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    void whatWasAppendedIsThereWhenItIsOpenedAgain() throws IOException {
        writeTwo();

        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isZero();
            assertThat(journal.row(SECOND)).isEqualTo(1);
            assertThat(floats(journal.vector(1))).containsExactly(4, 5, 6);
        }
    }

    @Test
    void aRecordThatIsCutOrDamagedEndsTheJournalBeforeIt() throws IOException {
        writeTwo();
        byte[] whole = Files.readAllBytes(file());
        int record = 32 + 3 * 4 + 4;
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
            assertThat(journal.append(SECOND, new float[] {7, 8, 9})).isEqualTo(1);
            assertThat(floats(journal.vector(1))).containsExactly(7, 8, 9);
        }
    }

    @Test
    void anotherModelsVectorsOrAnotherFilesBytesAreDropped() throws IOException {
        writeTwo();
        try (IndexJournal journal = IndexJournal.open(folder.resolve("index"), "cd".repeat(32), 3, () -> {})) {
            assertThat(journal.row(FIRST)).isNull();
        }
        Files.write(file(), new byte[1000]);
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isNull();
            journal.append(FIRST, new float[] {1, 2, 3});
        }
        try (IndexJournal journal = open()) {
            assertThat(journal.row(FIRST)).isZero();
        }
    }

    @Test
    @Timeout(20)
    void aSecondOneWaitsForTheFirst() throws InterruptedException {
        AtomicBoolean told = new AtomicBoolean();
        AtomicBoolean opened = new AtomicBoolean();
        Thread second = new Thread(() -> {
            try (IndexJournal journal = IndexJournal.open(folder.resolve("index"), MODEL, 3, () -> told.set(true))) {
                opened.set(journal.row(FIRST) == null);
            }
        });
        try (IndexJournal first = open()) {
            first.append(FIRST, new float[3]);
            second.start();
            while (!told.get()) Thread.sleep(10);
            Thread.sleep(250);
            assertThat(opened).isFalse();

            first.delete(); // the second has that file open and must not take it for the journal
        }
        second.join();

        assertThat(opened).isTrue();
        assertThat(file()).exists();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldWithWhatToDo() {
        Path index = folder.resolve("none/index");

        assertThatThrownBy(() -> IndexJournal.open(index, MODEL, 3, () -> {}))
                .isInstanceOf(IndexException.class)
                .hasMessage(index + ".partial: the index cannot be written (no such folder); name a place for it with --index FILE");
    }

    private void writeTwo() {
        try (IndexJournal journal = open()) {
            journal.append(FIRST, new float[] {1, 2, 3});
            journal.append(SECOND, new float[] {4, 5, 6});
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

    /** Found by fuzzing: the rows behind a content that is there twice were those of other contents. */
    @Test
    void aContentThatIsThereTwiceMovesNoOther() throws IOException {
        writeTwo();
        byte[] whole = Files.readAllBytes(file());
        int record = 32 + 3 * 4 + 4;
        byte[] first = Arrays.copyOfRange(whole, whole.length - 2 * record, whole.length - record);
        byte[] twice = Arrays.copyOf(whole, whole.length + record);
        System.arraycopy(first, 0, twice, whole.length - record, record);
        System.arraycopy(whole, whole.length - record, twice, whole.length, record);
        Files.write(file(), twice);

        try (IndexJournal journal = open()) {
            assertThat(floats(journal.vector(journal.row(SECOND)))).containsExactly(4, 5, 6);
            assertThat(journal.append(ContentKey.of(List.of("third")), new float[] {7, 8, 9})).isEqualTo(3);
            assertThat(floats(journal.vector(2))).containsExactly(4, 5, 6);
        }
    }

    /** A folder that came from elsewhere could name any file of the user's by a link, to be emptied by a search. */
    @Test
    void aLinkIsNotWrittenThrough() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "precious");
        Files.createSymbolicLink(file(), precious);

        assertThatThrownBy(this::open).isInstanceOf(IndexException.class)
                .hasMessage(file().toRealPath().getParent().resolve(file().getFileName())
                        + ": is a link, expected a file; delete it, or name another index with --index");
        assertThat(precious).hasContent("precious");
    }

    @Test
    void anotherFileUnderTheNameIsNotEmptied() throws IOException {
        Files.writeString(file(), "precious");

        assertThatThrownBy(this::open).isInstanceOf(IndexException.class)
                .hasMessage(file().toRealPath() + ": is not a journal of mme5; delete it, or name another index with --index");
        assertThat(file()).hasContent("precious");
    }
}
