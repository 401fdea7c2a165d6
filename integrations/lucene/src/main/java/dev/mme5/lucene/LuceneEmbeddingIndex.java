package dev.mme5.lucene;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.BytesRef;

/**
 * Vectors with their texts and metadata, in a folder, searched by a graph. The graph holds vectors of few bits; the candidates that it
 * finds are compared by their floats, so a score is exact, and with as many candidates as there are documents the search is too.
 *
 * <p>A search sees all that was put and deleted before it. What is to survive a crash needs {@link #commit}; {@link #close} commits as
 * well. Any number of threads may use one index; a folder is open in one index at a time. Vectors and graph are mapped, not loaded.
 *
 * <p>Every {@link IOException} of the disk is a {@link LuceneIndexException}. Since it is a Lucene index with Lucene's own codec, other
 * programs on Lucene read it.
 */
public final class LuceneEmbeddingIndex implements AutoCloseable {
    private final String place;
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final AtomicReference<CommitData> data;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** Held for reading by those who add, and for writing by those who let the dimensions change. */
    private final ReadWriteLock dimensionsLock = new ReentrantReadWriteLock();

    private LuceneEmbeddingIndex(String place, Directory directory, IndexWriter writer, SearcherManager searchers, CommitData data) {
        this.place = place;
        this.directory = directory;
        this.writer = writer;
        this.searchers = searchers;
        this.data = new AtomicReference<>(data);
    }

    /**
     * Opens the index in a folder, or makes a new one there.
     *
     * @throws LuceneIndexException when it is open elsewhere, damaged, of another model than {@link IndexSettings#fingerprint}, or the
     *     folder has a Lucene index of another program
     */
    public static LuceneEmbeddingIndex open(Path folder, IndexSettings settings) {
        try {
            return open(folder.toString(), FSDirectory.open(folder), settings);
        } catch (IOException e) {
            throw new LuceneIndexException(folder + ": " + e, e);
        }
    }

    /** The same in a directory of Lucene's, which closing the index closes. */
    public static LuceneEmbeddingIndex open(Directory directory, IndexSettings settings) {
        try {
            return open("index", directory, settings);
        } catch (IOException e) {
            throw new LuceneIndexException("index: " + e, e);
        }
    }

    private static LuceneEmbeddingIndex open(String place, Directory directory, IndexSettings settings) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig()
                .setCodec(new WideVectorsCodec(settings.quantization(), settings.maxConnections(), settings.beamWidth()))
                .setRAMBufferSizeMB(settings.bufferMegabytes()).setMergeScheduler(new QuietMergeScheduler());
        IndexWriter writer = null;
        try {
            CommitData found = DirectoryReader.indexExists(directory) ? committed(place, directory) : CommitData.EMPTY;
            CommitData data = found.requireFingerprint(place, settings.fingerprint());
            writer = new IndexWriter(directory, config);
            return new LuceneEmbeddingIndex(place, directory, writer, new SearcherManager(writer, null), data);
        } catch (LockObtainFailedException e) {
            directory.close();
            throw new LuceneIndexException(place + ": open in another index or process", e, true);
        } catch (IOException | RuntimeException e) {
            if (writer != null) writer.rollback();
            directory.close();
            throw e;
        }
    }

    /** A fault of a merge closes the writer, so that the next call reports it; the thread need not print it as well. */
    private static final class QuietMergeScheduler extends ConcurrentMergeScheduler {
        @Override
        protected void handleMergeException(Throwable fault) {}
    }

    private static CommitData committed(String place, Directory directory) throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            return CommitData.parse(place, reader.getIndexCommit().getUserData());
        }
    }

    /** Adds a document, or replaces the one with its id. */
    public void put(EmbeddingDocument document) {
        putAll(List.of(document));
    }

    /**
     * Adds or replaces documents.
     *
     * @throws IllegalArgumentException when a vector has another number of dimensions than those of the index; then none is added
     */
    public void putAll(Collection<EmbeddingDocument> documents) {
        shared(dimensionsLock.readLock(), () -> {
            requireDimensions(documents);
            for (EmbeddingDocument document : documents) {
                writer.updateDocument(idTerm(document.id()), DocumentFields.write(document));
            }
            return null;
        });
    }

    /** Compares them with each other before they decide what an empty index has. */
    private void requireDimensions(Collection<EmbeddingDocument> documents) {
        if (documents.isEmpty()) return;
        int first = documents.iterator().next().vector().length;
        int present = data.get().dimensions();
        for (EmbeddingDocument document : documents) requireDimensions(document, present == 0 ? first : present);
        int expected = data.updateAndGet(now -> now.dimensions() == 0 ? now.withDimensions(first) : now).dimensions();
        requireDimensions(documents.iterator().next(), expected);   // another thread may have been first
    }

    private static void requireDimensions(EmbeddingDocument document, int expected) {
        int found = document.vector().length;
        if (found > WideVectorsFormat.MAX_DIMENSIONS) {
            throw new IllegalArgumentException(
                    document.id() + ": expected at most " + WideVectorsFormat.MAX_DIMENSIONS + " dimensions, found " + found);
        }
        if (found != expected) {
            throw new IllegalArgumentException(document.id() + ": expected " + expected + " dimensions, found " + found);
        }
    }

    /** Deletes the documents with these ids; others are no error. */
    public void delete(Collection<String> ids) {
        call(() -> writer.deleteDocuments(ids.stream().map(LuceneEmbeddingIndex::idTerm).toArray(Term[]::new)));
    }

    /** Deletes the documents that match. */
    public void deleteMatching(Query filter) {
        call(() -> writer.deleteDocuments(filter));
    }

    /** Deletes all documents; those that come next may have another number of dimensions. */
    public void deleteAll() {
        shared(dimensionsLock.writeLock(), () -> {
            writer.deleteAll();
            return data.updateAndGet(now -> now.withDimensions(0));
        });
    }

    /** The document with this id. */
    public Optional<EmbeddingDocument> get(String id) {
        return search(search -> search.get(idTerm(id)));
    }

    /**
     * The best documents, best first.
     *
     * @throws IllegalArgumentException when the query has another number of dimensions than the index
     */
    public List<DocumentMatch> search(IndexQuery query) {
        return search(query, VectorSearch::best);
    }

    /**
     * The ids of the documents that {@link #search} would compare by their floats, in no order, for a caller that has its own scores.
     * {@link IndexQuery#top} and {@link IndexQuery#minScore} do not count.
     *
     * @throws IllegalArgumentException when the query has another number of dimensions than the index
     */
    public List<String> candidateIds(IndexQuery query) {
        return search(query, VectorSearch::candidateIds);
    }

    private interface QueryRun<T> {
        List<T> run(VectorSearch search, IndexQuery query) throws IOException;
    }

    private <T> List<T> search(IndexQuery query, QueryRun<T> run) {
        int dimensions = data.get().dimensions();
        if (dimensions == 0) return List.of();
        if (query.vector().length != dimensions) {
            throw new IllegalArgumentException("query: expected " + dimensions + " dimensions, found " + query.vector().length);
        }
        return search(search -> run.run(search, query));
    }

    /** The ids of all documents. */
    public Set<String> ids() {
        return search(VectorSearch::ids);
    }

    /** Number of documents. */
    public int size() {
        return search(search -> search.count(MatchAllDocsQuery.INSTANCE));
    }

    /** Number of documents that match. */
    public int count(Query filter) {
        return search(search -> search.count(filter));
    }

    /** Dimensions of the vectors, or 0 while there has been none. */
    public int dimensions() {
        return data.get().dimensions();
    }

    /** Writes everything to the disk and waits until it is there. */
    public void commit() {
        call(() -> {
            writer.setLiveCommitData(data.get().toMap().entrySet());
            return writer.commit();
        });
    }

    /** Merges everything into one graph: searches are faster afterwards. Takes as long as adding all documents. */
    public void optimize() {
        call(() -> {
            writer.forceMerge(1);
            return null;
        });
    }

    /** Commits and closes. Closing twice is harmless; after a fault of the disk there is nothing to commit. */
    @Override
    public void close() {
        if (isClosed.getAndSet(true)) return;
        call(() -> {
            try (directory; searchers) {
                if (writer.isOpen()) {
                    writer.setLiveCommitData(data.get().toMap().entrySet());
                    writer.close();   // commits
                }
            }
            return null;
        });
    }

    private interface Search<T> {
        T run(VectorSearch search) throws IOException;
    }

    private <T> T search(Search<T> search) {
        return call(() -> {
            searchers.maybeRefreshBlocking();
            var searcher = searchers.acquire();
            try {
                return search.run(new VectorSearch(searcher));
            } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {   // checksums are compared by merges only
                throw new LuceneIndexException(place + ": damaged: " + e, e);
            } finally {
                searchers.release(searcher);
            }
        });
    }

    private interface DiskCall<T> {
        T run() throws IOException;
    }

    private <T> T shared(Lock lock, DiskCall<T> call) {
        lock.lock();
        try {
            return call(call);
        } finally {
            lock.unlock();
        }
    }

    private <T> T call(DiskCall<T> call) {
        try {
            return call.run();
        } catch (IllegalStateException e) {
            Throwable fault = writer.getTragicException();
            if (fault != null) throw new LuceneIndexException(place + ": closed after a fault, opens as of its last commit: " + fault, e);
            if (e instanceof AlreadyClosedException) throw new IllegalStateException(place + ": the index is closed", e);
            throw e;
        } catch (IOException e) {
            throw new LuceneIndexException(place + ": " + e, e);
        }
    }

    private static Term idTerm(String id) {
        return new Term(DocumentFields.ID, new BytesRef(id));
    }

    /** What the index says of itself, for tests. */
    Map<String, String> description() {
        return data.get().toMap();
    }
}
