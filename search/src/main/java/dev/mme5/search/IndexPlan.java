package dev.mme5.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents on their way into the index. Each is settled, when an entry and a vector are known for it, or failed, or open.
 */
final class IndexPlan {
    private final List<? extends Document> documents;
    private final IndexFile before;
    private final IndexJournal journal;

    private final Map<String, Integer> rowByContent = new HashMap<>();
    private final Map<String, FileStamp> stampByName = new HashMap<>();

    private final IndexWriter.Row[] rows;
    private final IndexReport.Failure[] failures;

    /** @param journal null to see only what the index before has */
    IndexPlan(List<? extends Document> documents, IndexFile before, IndexJournal journal) {
        this.documents = documents;
        this.before = before;
        this.journal = journal;
        rows = new IndexWriter.Row[documents.size()];
        failures = new IndexReport.Failure[documents.size()];
        for (int row = 0; row < before.size(); row++) {
            IndexEntry entry = before.entries().get(row);
            rowByContent.putIfAbsent(entry.content(), row);
            for (FileStamp stamp : entry.files()) stampByName.put(stamp.name(), stamp);
        }
    }

    /** Settles the documents whose files have their size and time still. Reads nothing. */
    void settleUnchanged() {
        for (int i = 0; i < rows.length; i++) {
            List<FileStamp> stamps = unchangedStamps(documents.get(i));
            if (stamps != null) settleKnown(i, stamps);
        }
    }

    /** What is remembered of a document's files, or null when that does not describe all of them any more. */
    private List<FileStamp> unchangedStamps(Document document) {
        List<FileStamp> stamps = new ArrayList<>();
        for (Document.Source source : document.files()) {
            FileStamp stamp = stampByName.get(source.name());
            if (stamp == null || !stamp.stillDescribes(source.path())) return null;
            stamps.add(stamp);
        }
        return stamps;
    }

    /** Settles a document if there is a vector for its content in the index before. */
    boolean settleKnown(int document, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = rowByContent.get(content);
        if (row == null) return false;
        IndexEntry known = before.entries().get(row);
        IndexEntry entry = IndexEntry.of(documents.get(document), known.title(), content, stamps);
        rows[document] = new IndexWriter.Row(known.equals(entry) ? known : entry, false, row);
        return true;
    }

    /** Settles a document if there is a vector for its content in the journal. */
    boolean settleJournaled(int document, String title, List<FileStamp> stamps) {
        String content = contentKey(document, stamps);
        Integer row = journal.row(content);
        if (row == null) return false;
        rows[document] = new IndexWriter.Row(IndexEntry.of(documents.get(document), title, content, stamps), true, row);
        return true;
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

    /** Those that are neither settled nor failed, in order. */
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

    /** What the index is to hold. */
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

    /** Whether the index before holds just this. */
    boolean equalsBefore() {
        List<IndexWriter.Row> now = rows();
        if (now.size() != before.size()) return false;
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).entry().equals(before.entries().get(i))) return false;
        }
        return true;
    }
}
