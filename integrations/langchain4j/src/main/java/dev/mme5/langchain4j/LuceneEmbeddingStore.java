package dev.mme5.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.internal.ValidationUtils;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.RelevanceScore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.mme5.lucene.DocumentMatch;
import dev.mme5.lucene.EmbeddingDocument;
import dev.mme5.lucene.IndexQuery;
import dev.mme5.lucene.IndexSettings;
import dev.mme5.lucene.LuceneEmbeddingIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An embedding store in a folder, for vectors of any embedding model. It needs {@code mme5-lucene} and {@code lucene-core} beside this
 * artifact.
 *
 * {@snippet :
 * try (LuceneEmbeddingStore store = LuceneEmbeddingStore.open(Path.of("store"))) {
 *     store.add(model.embed("A cat and a dog").content(), TextSegment.from("A cat and a dog", new Metadata().put("page", 7)));
 * }
 * }
 *
 * <p>What a call has added or removed is on the disk when it returns, so add many at a time. Scores are relevance scores of the cosine of
 * the stored floats. All filters are supported; a filter and the type of a value that does not fit it match nothing.
 */
public final class LuceneEmbeddingStore implements EmbeddingStore<TextSegment>, AutoCloseable {
    private final LuceneEmbeddingIndex index;
    private final boolean isOwner;

    private LuceneEmbeddingStore(LuceneEmbeddingIndex index, boolean isOwner) {
        this.index = index;
        this.isOwner = isOwner;
    }

    /**
     * Opens the store in a folder, or makes a new one.
     *
     * @throws dev.mme5.lucene.LuceneIndexException when that is impossible, such as when it is open in another process
     */
    public static LuceneEmbeddingStore open(Path folder) {
        return new LuceneEmbeddingStore(LuceneEmbeddingIndex.open(folder, IndexSettings.defaults()), true);
    }

    /** A store on an index that is open already; closing the store leaves it open. */
    public static LuceneEmbeddingStore of(LuceneEmbeddingIndex index) {
        return new LuceneEmbeddingStore(index, false);
    }

    @Override
    public String add(Embedding embedding) {
        return addAll(List.of(embedding)).getFirst();
    }

    @Override
    public void add(String id, Embedding embedding) {
        addAll(List.of(id), List.of(embedding), null);
    }

    @Override
    public String add(Embedding embedding, TextSegment segment) {
        return addAll(List.of(embedding), List.of(segment)).getFirst();
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
        List<String> ids = generateIds(embeddings.size());
        addAll(ids, embeddings, null);
        return ids;
    }

    /** {@inheritDoc} An id that is there already has its vector and segment replaced. */
    @Override
    public void addAll(List<String> ids, List<Embedding> embeddings, List<TextSegment> segments) {
        if (ids.size() != embeddings.size() || segments != null && segments.size() != ids.size()) {
            throw new IllegalArgumentException("expected as many ids as embeddings and segments, found %d, %d and %s"
                    .formatted(ids.size(), embeddings.size(), segments == null ? "none" : segments.size()));
        }
        List<EmbeddingDocument> documents = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            TextSegment segment = segments == null ? null : segments.get(i);
            documents.add(new EmbeddingDocument(
                    ids.get(i),
                    embeddings.get(i).vector(),
                    segment == null ? null : segment.text(),
                    segment == null ? Map.of() : segment.metadata().toMap()));
        }
        index.putAll(documents);
        index.commit();
    }

    @Override
    public void removeAll(Collection<String> ids) {
        ValidationUtils.ensureNotEmpty(ids, "ids");
        index.delete(ids);
        index.commit();
    }

    @Override
    public void removeAll(Filter filter) {
        ValidationUtils.ensureNotNull(filter, "filter");
        index.deleteMatching(FilterQueries.of(filter));
        index.commit();
    }

    @Override
    public void removeAll() {
        index.deleteAll();
        index.commit();
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        IndexQuery query = IndexQuery.of(request.queryEmbedding().vector(), request.maxResults());
        if (request.filter() != null) query = query.withFilter(FilterQueries.of(request.filter()));
        List<EmbeddingMatch<TextSegment>> matches = new ArrayList<>();
        for (DocumentMatch match : index.search(query)) {
            double score = RelevanceScore.fromCosineSimilarity(match.score());
            if (score >= request.minScore()) matches.add(match(score, match.document()));
        }
        return new EmbeddingSearchResult<>(matches);
    }

    private static EmbeddingMatch<TextSegment> match(double score, EmbeddingDocument document) {
        TextSegment segment = null;
        if (document.text() != null) {
            Map<String, Object> metadata = new HashMap<>(document.metadata());
            metadata.replaceAll((key, value) -> value instanceof Boolean ? value.toString() : value);   // LangChain4j has no booleans
            segment = TextSegment.from(document.text(), Metadata.from(metadata));
        }
        return new EmbeddingMatch<>(score, document.id(), Embedding.from(document.vector()), segment);
    }

    /** The index behind it. */
    public LuceneEmbeddingIndex index() {
        return index;
    }

    /** Closes the index, unless it was handed over open. Closing twice is harmless. */
    @Override
    public void close() {
        if (isOwner) index.close();
    }
}
