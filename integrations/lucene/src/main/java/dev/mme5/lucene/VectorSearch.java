package dev.mme5.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.Bits;

/** Searches of one state of the index: candidates from the graph, compared by their floats. */
final class VectorSearch {
    private static final Set<String> ID_ONLY = Set.of(DocumentFields.ID);

    private static final Comparator<Scored> BEST_FIRST =
            Comparator.<Scored>comparingDouble(scored -> -scored.score).thenComparingInt(scored -> scored.document);

    private final IndexSearcher searcher;

    VectorSearch(IndexSearcher searcher) {
        this.searcher = searcher;
    }

    private record Scored(int document, float score) {}

    /** Floats are read for one candidate at a time, and again for those that are returned. */
    List<DocumentMatch> best(IndexQuery query) throws IOException {
        List<Scored> best = score(candidates(query), query.vector());
        best.removeIf(scored -> scored.score < query.minScore());
        best.sort(BEST_FIRST);

        StoredFields stored = searcher.storedFields();
        List<DocumentMatch> matches = new ArrayList<>();
        for (Scored scored : best.subList(0, Math.min(query.top(), best.size()))) {
            matches.add(new DocumentMatch(scored.score, read(stored, scored.document)));
        }
        return List.copyOf(matches);
    }

    List<String> candidateIds(IndexQuery query) throws IOException {
        StoredFields stored = searcher.storedFields();
        List<String> ids = new ArrayList<>();
        for (int document : candidates(query)) ids.add(stored.document(document, ID_ONLY).get(DocumentFields.ID));
        return ids;
    }

    /** In the order of the documents. All that the filter admits if they are few enough, else those that the graph finds. */
    private int[] candidates(IndexQuery query) throws IOException {
        Query filter = query.filter() == null ? MatchAllDocsQuery.INSTANCE : query.filter();
        int all = searcher.count(filter);
        if (all == 0) return new int[0];
        TopDocs found = all <= query.candidates()
                ? searcher.search(filter, all, Sort.INDEXORDER)
                : searcher.search(
                        new KnnFloatVectorQuery(DocumentFields.VECTOR, query.vector(), query.candidates(), query.filter()),
                        query.candidates());
        int[] documents = new int[found.scoreDocs.length];
        for (int i = 0; i < documents.length; i++) documents[i] = found.scoreDocs[i].doc;
        Arrays.sort(documents);
        return documents;
    }

    /** @param documents in ascending order */
    private List<Scored> score(int[] documents, float[] query) throws IOException {
        List<Scored> scored = new ArrayList<>(documents.length);
        VectorReader vectors = new VectorReader();
        for (int document : documents) scored.add(new Scored(document, Vectors.cosine(query, vectors.read(document))));
        return scored;
    }

    private EmbeddingDocument read(StoredFields stored, int document) throws IOException {
        return DocumentFields.read(stored.document(document), new VectorReader().read(document).clone());
    }

    /** Reads vectors of documents in ascending order. */
    private final class VectorReader {
        private final List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        private LeafReaderContext leaf;
        private FloatVectorValues values;
        private KnnVectorValues.DocIndexIterator iterator;

        /** Valid until the next call. */
        float[] read(int document) throws IOException {
            if (leaf == null || document >= leaf.docBase + leaf.reader().maxDoc()) {
                leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
                values = leaf.reader().getFloatVectorValues(DocumentFields.VECTOR);
                iterator = values.iterator();
            }
            iterator.advance(document - leaf.docBase);
            return values.vectorValue(iterator.index());
        }
    }

    Optional<EmbeddingDocument> get(Term id) throws IOException {
        ScoreDoc[] found = searcher.search(new TermQuery(id), 1).scoreDocs;
        if (found.length == 0) return Optional.empty();
        return Optional.of(read(searcher.storedFields(), found[0].doc));
    }

    Set<String> ids() throws IOException {
        Set<String> ids = new HashSet<>();
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Terms terms = leaf.reader().terms(DocumentFields.ID);
            if (terms == null) continue;
            TermsEnum term = terms.iterator();
            PostingsEnum postings = null;
            while (term.next() != null) {
                postings = term.postings(postings, PostingsEnum.NONE);
                if (hasLiveDocument(postings, leaf.reader().getLiveDocs())) ids.add(term.term().utf8ToString());
            }
        }
        return ids;
    }

    private static boolean hasLiveDocument(PostingsEnum postings, Bits live) throws IOException {
        for (int document = postings.nextDoc(); document != PostingsEnum.NO_MORE_DOCS; document = postings.nextDoc()) {
            if (live == null || live.get(document)) return true;
        }
        return false;
    }

    int count(Query filter) throws IOException {
        return searcher.count(filter);
    }
}
