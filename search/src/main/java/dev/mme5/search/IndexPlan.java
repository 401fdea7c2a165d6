package dev.mme5.search;

import dev.mme5.search.index.FileStamp;
import dev.mme5.search.index.IndexEntry;
import dev.mme5.search.index.IndexFile;
import dev.mme5.search.index.IndexJournal;
import dev.mme5.search.index.IndexWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The state of each document during an update: settled if its entry and its vector are known, failed, or still open.
 */
final class IndexPlan {
    private final List<? extends Document> documents;
    private final IndexFile previous;
    private final IndexJournal journal;

    private final Map<String, Integer> rowByContent = new HashMap<>();
    private final Map<String, FileStamp> stampByName = new HashMap<>();

    private final IndexWriter.Row[] rows;
    private final IndexReport.Failure[] failures;

    /** @param journal null if only the previous index counts */
    IndexPlan(List<? extends Document> documents, IndexFile previous, IndexJournal journal) {
        this.documents = documents;
        this.previous = previous;
        this.journal = journal;
        rows = new IndexWriter.Row[documents.size()];
        failures = new IndexReport.Failure[documents.size()];
        for (int row = 0; row < previous.size(); row++) {
            IndexEntry entry = previous.entries().get(row);
            rowByContent.putIfAbsent(entry.content(), row);
            for (FileStamp stamp : entry.files()) stampByName.put(stamp.name(), stamp);
        }
    }

    /** Settles the documents whose files still have the stored size and time. Reads nothing. */
    void settleUnchanged() {
        for (int i = 0; i < rows.length; i++) {
            List<FileStamp> stamps = unchangedStamps(documents.get(i));
            if (stamps != null) settleKnown(i, stamps);
        }
    }

    /** The stored stamps of a document's files, or null if one of the files has changed. */
    private List<FileStamp> unchangedStamps(Document document) {
        List<FileStamp> stamps = new ArrayList<>();
        for (Document.Source source : document.files()) {
            FileStamp stamp = stampByName.get(source.name());
            if (stamp == null || !stamp.stillDescribes(source.path())) return null;
            stamps.add(stamp);
        }
        return stamps;
    }

    /** Settles a document if the previous index has a vector for its content. */
    boolean settleKnown(int document, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = rowByContent.get(content);
        if (row == null) return false;
        IndexEntry known = previous.entries().get(row);
        IndexEntry entry = entry(document, known.title(), content, stamps);
        rows[document] = new IndexWriter.Row(known.equals(entry) ? known : entry, false, row);
        return true;
    }

    /** Settles a document if the journal has a vector for its content. */
    boolean settleJournaled(int document, String title, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = journal.row(content);
        if (row == null) return false;
        rows[document] = new IndexWriter.Row(entry(document, title, content, stamps), true, row);
        return true;
    }

    private IndexEntry entry(int document, String title, String content, List<FileStamp> stamps) {
        Document settled = documents.get(document);
        return new IndexEntry(settled.id(), settled.kind().label(), title, content, stamps);
    }

    String contentKey(int document, List<FileStamp> stamps) {
        return documents.get(document).contentKey(stamps.stream().map(FileStamp::sha256).toList());
    }

    void fail(int document, String problem) {
        failures[document] = new IndexReport.Failure(documents.get(document).id(), problem);
    }

    Document document(int i) {
        return documents.get(i);
    }

    /** Documents that are neither settled nor failed, in order. */
    List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] == null && failures[i] == null) open.add(i);
        }
        return open;
    }

    boolean isComplete() {
        return open().isEmpty();
    }

    /** The rows of the new index. */
    List<IndexWriter.Row> rows() {
        List<IndexWriter.Row> settled = new ArrayList<>();
        for (IndexWriter.Row row : rows) {
            if (row != null) settled.add(row);
        }
        return settled;
    }

    List<IndexReport.Failure> failures() {
        List<IndexReport.Failure> failed = new ArrayList<>();
        for (IndexReport.Failure failure : failures) {
            if (failure != null) failed.add(failure);
        }
        return failed;
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
}
