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

    private List<Scored> score(int[] documents, float[] query) throws IOException {
        List<float[]> vectors = vectors(documents);
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            scored.add(new Scored(documents[i], Vectors.cosine(query, vectors.get(i)), vectors.get(i)));
        }
        return scored;
    }

    /** @param documents in ascending order */
    private List<float[]> vectors(int[] documents) throws IOException {
        List<float[]> vectors = new ArrayList<>();
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = null;
        FloatVectorValues values = null;
        KnnVectorValues.DocIndexIterator iterator = null;
        for (int document : documents) {
            if (leaf == null || document >= leaf.docBase + leaf.reader().maxDoc()) {
                leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
                values = leaf.reader().getFloatVectorValues(DocumentFields.VECTOR);
                iterator = values.iterator();
            }
            iterator.advance(document - leaf.docBase);
            vectors.add(values.vectorValue(iterator.index()).clone());   // the next one overwrites it
        }
        return vectors;
    }

    Optional<EmbeddingDocument> get(Term id) throws IOException {
        ScoreDoc[] found = searcher.search(new TermQuery(id), 1).scoreDocs;
        if (found.length == 0) return Optional.empty();
        float[] vector = vectors(new int[] {found[0].doc}).getFirst();
        return Optional.of(DocumentFields.read(searcher.storedFields().document(found[0].doc), vector));
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
