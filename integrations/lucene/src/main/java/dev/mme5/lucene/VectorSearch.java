package dev.mme5.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;

/** Searches of one state of the index: candidates from the graph, compared by their floats. */
final class VectorSearch {
    private static final Comparator<Scored> BEST_FIRST =
            Comparator.<Scored>comparingDouble(scored -> -scored.score).thenComparingInt(scored -> scored.document);

    private final IndexSearcher searcher;

    VectorSearch(IndexSearcher searcher) {
        this.searcher = searcher;
    }

    private record Scored(int document, float score, float[] vector) {}

    List<DocumentMatch> best(IndexQuery query) throws IOException {
        List<Scored> best = score(candidates(query), query.vector());
        best.removeIf(scored -> scored.score < query.minScore());
        best.sort(BEST_FIRST);

        List<DocumentMatch> matches = new ArrayList<>();
        for (Scored scored : best.subList(0, Math.min(query.top(), best.size()))) {
            matches.add(new DocumentMatch(scored.score, DocumentFields.read(
                    searcher.storedFields().document(scored.document), scored.vector)));
        }
        return List.copyOf(matches);
    }

    /** In the order of the documents. All that the filter admits if they are few enough, else those that the graph finds. */
    private int[] candidates(IndexQuery query) throws IOException {
        Query filter = query.filter() == null ? new MatchAllDocsQuery() : query.filter();
        int all = searcher.count(filter);
        if (all == 0) return new int[0];
        TopDocs found = all <= query.candidates()
                ? searcher.search(filter, all, Sort.INDEXORDER)
                : searcher.search(
                        new KnnFloatVectorQuery(DocumentFields.VECTOR, query.vector(), query.candidates(), query.filter()),
                        query.candidates());
        int[] documents = new int[found.scoreDocs.length];
        for (int i = 0; i < documents.length; i++) documents[i] = found.scoreDocs[i].doc;
        java.util.Arrays.sort(documents);
        return documents;
    }

    private List<Scored> score(int[] documents, float[] query) throws IOException {
        List<Scored> scored = new ArrayList<>();
        LeafReaderContext leaf = null;
        KnnVectorValues.DocIndexIterator iterator = null;
        FloatVectorValues vectors = null;
        for (int document : documents) {
            if (leaf == null || document >= leaf.docBase + leaf.reader().maxDoc()) {
                leaf = searcher.getIndexReader().leaves().get(ReaderUtil.subIndex(document, searcher.getIndexReader().leaves()));
                vectors = leaf.reader().getFloatVectorValues(DocumentFields.VECTOR);
                iterator = vectors.iterator();
            }
            iterator.advance(document - leaf.docBase);
            float[] vector = vectors.vectorValue(iterator.index()).clone();   // it is overwritten by the next
            scored.add(new Scored(document, Vectors.cosine(query, vector), vector));
        }
        return scored;
    }

    Optional<EmbeddingDocument> get(Term id) throws IOException {
        ScoreDoc[] found = searcher.search(new TermQuery(id), 1).scoreDocs;
        if (found.length == 0) return Optional.empty();
        float[] vector = score(new int[] {found[0].doc}, new float[0]).getFirst().vector;
        return Optional.of(DocumentFields.read(searcher.storedFields().document(found[0].doc), vector));
    }

    int count(Query filter) throws IOException {
        return searcher.count(filter);
    }
}
