package dev.mme5.search;

import dev.mme5.engine.Input;
import dev.mme5.engine.InputException;
import dev.mme5.search.index.FileStamp;
import dev.mme5.search.index.IndexEntry;
import dev.mme5.search.index.IndexFile;
import dev.mme5.search.index.IndexJournal;
import dev.mme5.search.index.IndexWriter;
import dev.mme5.search.index.SharedTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of each document during an update: settled if its entry and its vector are known, failed, skipped, or still open.
 */
final class IndexPlan {
    private final List<? extends Document> documents;
    private final IndexFile previous;
    private final IndexJournal journal;

    private final Map<String, Integer> rowByContent = new HashMap<>();
    private final Map<String, FileStamp> stampByName = new HashMap<>();
    private final SharedTimes sharedTimes;

    /** Whether documents that can be read take vectors of the previous index. */
    private final boolean reuses;

    private final IndexWriter.Row[] rows;
    private final IndexReport.Failure[] failures;
    private final IndexReport.Skipped[] skipped;

    /** Rows of the previous index whose documents the scan has not seen. */
    private final List<IndexWriter.Row> unseen = new ArrayList<>();

    /**
     * @param journal null if only the previous index counts
     * @param reuses whether documents that can be read take vectors of the previous index; those that cannot always do
     */
    IndexPlan(List<? extends Document> documents, IndexFile previous, IndexJournal journal, boolean reuses) {
        this.reuses = reuses;
        this.documents = documents;
        this.previous = previous;
        this.journal = journal;
        rows = new IndexWriter.Row[documents.size()];
        failures = new IndexReport.Failure[documents.size()];
        skipped = new IndexReport.Skipped[documents.size()];
        for (int row = 0; row < previous.size(); row++) {
            IndexEntry entry = previous.entries().get(row);
            rowByContent.putIfAbsent(entry.content(), row);
            for (FileStamp stamp : entry.files()) stampByName.put(stamp.name(), stamp);
        }
        sharedTimes = new SharedTimes(previous.entries());
    }

    /** Keeps these rows of the previous index, whose documents the scan has not seen. */
    void keep(List<Integer> previousRows) {
        for (int row : previousRows) unseen.add(new IndexWriter.Row(previous.entries().get(row), false, row));
    }

    /** Settles the documents whose files still have the stored size and times. Reads only files whose times say nothing. */
    void settleUnchanged(IndexUpdate.Listener listener) {
        if (!reuses) return;
        List<Integer> doubtful = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            List<FileStamp> stamps = unchangedStamps(documents.get(i));
            if (stamps == null) continue;
            if (stamps.stream().anyMatch(sharedTimes::sayNothing)) doubtful.add(i);
            else settleKnown(i, stamps);
        }
        for (int i = 0; i < doubtful.size(); i++) {
            Document document = documents.get(doubtful.get(i));
            List<FileStamp> stamps = unchangedStamps(document);
            if (stamps != null && haveContent(stamps, document.files())) settleKnown(doubtful.get(i), stamps);
            listener.progress(i + 1, doubtful.size());
        }
    }

    /** The stored stamps of a document's files, or null if one of the files has another size or time. */
    private List<FileStamp> unchangedStamps(Document document) {
        List<FileStamp> stamps = new ArrayList<>();
        for (Document.Source source : document.files()) {
            FileStamp stamp = stampByName.get(source.name());
            if (stamp == null || !stamp.stillDescribes(source.path())) return null;
            stamps.add(stamp);
        }
        return stamps;
    }

    private static boolean haveContent(List<FileStamp> stamps, List<Document.Source> files) {
        for (int i = 0; i < files.size(); i++) {
            if (!stamps.get(i).stillHasContent(files.get(i).path())) return false;
        }
        return true;
    }

    /** Settles a document if the previous index has a vector for its content. */
    boolean settleKnown(int document, List<FileStamp> stamps) {
        return reuses && settlePrevious(document, stamps);
    }

    private boolean settlePrevious(int document, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = rowByContent.get(content);
        if (row == null) return false;
        IndexEntry known = previous.entries().get(row);
        IndexEntry entry = entry(document, known.title(), content, stamps, known.truncated());
        rows[document] = new IndexWriter.Row(known.equals(entry) ? known : entry, false, row);
        return true;
    }

    /**
     * Settles a document whose files cannot be read now as if they had not changed, if the previous index knows them. Being unreadable is
     * not being gone.
     *
     * @return whether the document keeps an earlier vector
     */
    boolean settleUnreadable(int document) {
        List<FileStamp> stamps =
                documents.get(document).files().stream().map(source -> stampByName.get(source.name())).toList();
        return stamps.stream().allMatch(Objects::nonNull) && settlePrevious(document, stamps);
    }

    /** Settles a document if the journal has a vector for its content. */
    boolean settleJournaled(int document, Input input, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = journal.row(content);
        if (row == null) return false;
        String title = documents.get(document).title(input);
        rows[document] = new IndexWriter.Row(entry(document, title, content, stamps, journal.truncated(row)), true, row);
        return true;
    }

    private IndexEntry entry(int document, String title, String content, List<FileStamp> stamps, boolean truncated) {
        Document settled = documents.get(document);
        return new IndexEntry(settled.id(), settled.kind().label(), title, content, stamps, truncated);
    }

    String contentKey(int document, List<FileStamp> stamps) {
        return documents.get(document).contentKey(stamps.stream().map(FileStamp::sha256).toList());
    }

    void fail(int document, String problem) {
        failures[document] = new IndexReport.Failure(documents.get(document).id(), problem);
    }

    void fail(int document, InputException refusal) {
        failures[document] =
                new IndexReport.Failure(documents.get(document).id(), refusal.getMessage(), Optional.of(refusal.reason()));
    }

    void skip(int document, String reason) {
        skipped[document] = new IndexReport.Skipped(documents.get(document).id(), reason);
    }

    Document document(int i) {
        return documents.get(i);
    }

    /** Documents that are neither settled nor failed nor skipped, in order. */
    List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null && failures[i] == null && skipped[i] == null) open.add(i);
        }
        return open;
    }

    boolean isComplete() {
        return open().isEmpty();
    }

    /** The rows of the new index. */
    List<IndexWriter.Row> rows() {
        List<IndexWriter.Row> settled = nonNull(rows);
        if (unseen.isEmpty()) return settled;
        settled.addAll(unseen);
        settled.sort(Comparator.comparing(row -> row.entry().id())); // as a scan orders them
        return settled;
    }

    List<IndexReport.Failure> failures() {
        return nonNull(failures);
    }

    List<IndexReport.Skipped> skipped() {
        return nonNull(skipped);
    }

    private static <T> List<T> nonNull(T[] values) {
        List<T> found = new ArrayList<>();
        for (T value : values) {
            if (value != null) found.add(value);
        }
        return found;
    }

    /** Whether the previous index has exactly these rows. */
    boolean equalsPrevious() {
        List<IndexWriter.Row> now = rows();
        if (now.size() != previous.size()) return false;
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).entry().equals(previous.entries().get(i))) return false;
        }
        return true;
    }

    /** Whether the previous index has the same documents with the same vectors, be it with other sizes and times of their files. */
    boolean hasDocumentsOfPrevious() {
        List<IndexWriter.Row> now = rows();
        if (now.size() != previous.size()) return false;
        for (int i = 0; i < now.size(); i++) {
            IndexEntry entry = now.get(i).entry();
            IndexEntry before = previous.entries().get(i);
            if (!entry.id().equals(before.id()) || !entry.content().equals(before.content())) return false;
        }
        return true;
    }
}
