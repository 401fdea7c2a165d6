package dev.mme5.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneEmbeddingIndexTest {
    @TempDir
    Path folder;

    private LuceneEmbeddingIndex open() {
        return LuceneEmbeddingIndex.open(folder, IndexSettings.defaults());
    }

    private static List<String> ids(List<DocumentMatch> matches) {
        return matches.stream().map(match -> match.document().id()).toList();
    }

    @Test
    void documentsComeBackAsTheyWere() {
        Map<String, Object> metadata = Map.of("text", "a", "int", 1, "long", 1L << 60, "float", 1.23f, "double", 1.23, "flag", true,
                "uuid", new UUID(1, 2));
        float[] vector = {0.6f, -0.8f, 0};
        try (LuceneEmbeddingIndex index = open()) {
            index.put(new EmbeddingDocument("a", vector, "words", metadata));

            EmbeddingDocument found = index.get("a").orElseThrow();
            assertThat(found.text()).isEqualTo("words");
            assertThat(found.vector()).isEqualTo(vector);
            assertThat(found.metadata()).isEqualTo(metadata);
            assertThat(index.get("b")).isEmpty();
        }
    }

    @Test
    void bestComesFirstWithItsCosine() {
        try (LuceneEmbeddingIndex index = open()) {
            index.putAll(List.of(EmbeddingDocument.of("opposite", new float[] {-3, 0}), EmbeddingDocument.of("same", new float[] {2, 0}),
                    EmbeddingDocument.of("half", new float[] {1, 1})));

            List<DocumentMatch> matches = index.search(IndexQuery.of(new float[] {1, 0}, 3));
            assertThat(ids(matches)).containsExactly("same", "half", "opposite");
            assertThat(matches).extracting(DocumentMatch::score).containsExactly(1f, (float) Math.sqrt(0.5), -1f);
            assertThat(ids(index.search(IndexQuery.of(new float[] {1, 0}, 3).withMinScore(0)))).containsExactly("same", "half");
        }
    }

    @Test
    void idsAreReplacedAndDeleted() {
        try (LuceneEmbeddingIndex index = open()) {
            index.put(EmbeddingDocument.of("a", new float[] {1, 0}));
            index.put(EmbeddingDocument.of("b", new float[] {1, 0}));
            index.put(new EmbeddingDocument("a", new float[] {0, 1}, null, Map.of("key", 1)));
            assertThat(index.size()).isEqualTo(2);
            assertThat(index.get("a").orElseThrow().vector()).containsExactly(0, 1);

            index.deleteMatching(MetadataQueries.exists("key"));
            assertThat(ids(index.search(IndexQuery.of(new float[] {1, 0}, 9)))).containsExactly("b");
            assertThat(index.ids()).containsExactly("b");
            index.delete(List.of("b", "never there"));
            assertThat(index.size()).isZero();
            assertThat(index.ids()).isEmpty();

            index.deleteAll();
            index.put(EmbeddingDocument.of("c", new float[] {1, 0, 0}));
            assertThat(index.ids()).containsExactly("c");
        }
    }

    @Test
    void committedIsThereWhenTheProcessDies() throws IOException {
        Path copy = folder.resolve("copy");
        Path original = folder.resolve("original");
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(original, IndexSettings.defaults())) {
            index.put(EmbeddingDocument.of("a", new float[] {1, 0}));
            index.commit();
            index.put(EmbeddingDocument.of("b", new float[] {1, 0}));
            assertThat(index.size()).isEqualTo(2);
            Files.createDirectory(copy);
            try (var files = Files.list(original)) {
                for (Path file : files.toList()) Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(copy, IndexSettings.defaults())) {
            assertThat(index.size()).isEqualTo(1);
        }
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(original, IndexSettings.defaults())) {
            assertThat(index.size()).isEqualTo(2);
            assertThat(index.dimensions()).isEqualTo(2);
        }
    }

    @Test
    void otherDimensionsAreRefused() {
        try (LuceneEmbeddingIndex index = open()) {
            assertThat(index.search(IndexQuery.of(new float[] {1, 0, 0}, 1))).isEmpty();
            index.put(EmbeddingDocument.of("a", new float[] {1, 0}));

            assertThatThrownBy(() -> index.put(EmbeddingDocument.of("b", new float[] {1, 0, 0})))
                    .isInstanceOf(IllegalArgumentException.class).hasMessage("b: expected 2 dimensions, found 3");
            assertThatThrownBy(() -> index.search(IndexQuery.of(new float[] {1}, 1)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessage("query: expected 2 dimensions, found 1");
        }
    }

    @Test
    void refusedDocumentsDecideNothing() {
        try (LuceneEmbeddingIndex index = open()) {
            assertThatThrownBy(() -> index.putAll(
                    List.of(EmbeddingDocument.of("a", new float[] {1, 0}), EmbeddingDocument.of("b", new float[] {1, 0, 0}))))
                    .hasMessage("b: expected 2 dimensions, found 3");
            assertThat(index.size()).isZero();
            index.put(EmbeddingDocument.of("b", new float[] {1, 0, 0}));
            assertThat(index.dimensions()).isEqualTo(3);
        }
    }

    @Test
    void unusableDocumentsAreRefused() {
        assertThatThrownBy(() -> EmbeddingDocument.of("a", new float[] {0, 0})).hasMessageStartingWith("a: the vector is zero");
        assertThatThrownBy(() -> EmbeddingDocument.of("a", new float[] {Float.NaN})).hasMessageContaining("not finite");
        assertThatThrownBy(() -> EmbeddingDocument.of("a", new float[] {1e20f})).hasMessageContaining("its squares do not fit a float");
        assertThatThrownBy(() -> EmbeddingDocument.of("a".repeat(40_000), new float[] {1}))
                .hasMessageStartingWith("the id of a document has 40,000 bytes, expected at most 32,766");
        assertThatThrownBy(() -> new EmbeddingDocument("a", new float[] {1}, null, Map.of("k".repeat(40_000), 1)))
                .hasMessageStartingWith("a: a key of the metadata has 40,000 bytes");
        assertThatThrownBy(() -> EmbeddingDocument.of(" ", new float[] {1})).hasMessage("the id of a document is blank");
        assertThatThrownBy(() -> new EmbeddingDocument("a", new float[] {1}, null, Map.of("key", "ü".repeat(20_000))))
                .hasMessageContaining("metadata key has 40,000 bytes, expected at most 32,766");
        assertThatThrownBy(() -> new EmbeddingDocument("a", new float[] {1}, null, Map.of("key", new Object())))
                .hasMessageContaining("metadata key is a java.lang.Object");
    }

    @Test
    void folderIsOpenOnce() {
        try (LuceneEmbeddingIndex index = open()) {
            index.put(EmbeddingDocument.of("a", new float[] {1}));
            assertThatThrownBy(this::open).isInstanceOf(LuceneIndexException.class)
                    .hasMessageContaining("open in another index or process");
        }
        LuceneEmbeddingIndex index = open();
        index.close();
        index.close();
        assertThatThrownBy(() -> index.put(EmbeddingDocument.of("a", new float[] {1}))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void indexOfAnotherModelIsRefused() {
        IndexSettings settings = IndexSettings.defaults().withFingerprint("one");
        LuceneEmbeddingIndex.open(folder, settings).close();
        LuceneEmbeddingIndex.open(folder, settings).close();
        open().close();

        assertThatThrownBy(() -> LuceneEmbeddingIndex.open(folder, settings.withFingerprint("two")))
                .isInstanceOf(LuceneIndexException.class)
                .hasMessageContaining("model, or by another version of mme5: expected fingerprint two, found one");
    }

    @Test
    void indexOfAnotherProgramIsRefused() throws IOException {
        try (Directory directory = FSDirectory.open(folder); IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            Document document = new Document();
            document.add(new StringField("id", "a", Field.Store.YES));
            writer.addDocument(document);
        }
        assertThatThrownBy(this::open).isInstanceOf(LuceneIndexException.class).hasMessageContaining("an index of another program");
        assertThatThrownBy(this::open).hasMessageContaining("an index of another program");   // nothing was left locked
    }

    @Test
    void asManyCandidatesAsDocumentsIsExact() {
        List<float[]> vectors = TestVectors.clustered(1000, 64, 20, 3);
        try (LuceneEmbeddingIndex index =
                LuceneEmbeddingIndex.open(folder, IndexSettings.defaults().withQuantization(Quantization.BITS_1))) {
            List<EmbeddingDocument> documents = new ArrayList<>();
            for (int i = 0; i < vectors.size(); i++) documents.add(EmbeddingDocument.of("d" + i, vectors.get(i)));
            index.putAll(documents);

            for (int i = 0; i < 50; i++) {
                float[] query = vectors.get(i);
                List<String> exact = documents.stream()
                        .sorted((a, b) -> Float.compare(Vectors.cosine(query, b.vector()), Vectors.cosine(query, a.vector())))
                        .limit(10).map(EmbeddingDocument::id).toList();
                IndexQuery all = IndexQuery.of(query, 10).withCandidates(1000);
                assertThat(ids(index.search(all))).isEqualTo(exact);
                assertThat(index.candidateIds(all)).hasSize(1000).containsAll(exact);
                assertThat(index.candidateIds(all.withCandidates(20))).hasSize(20).contains(exact.getFirst());
            }
        }
    }

    @Test
    void filterHoldsInTheGraph() {
        int count = 10_000;   // enough for a graph
        List<float[]> vectors = TestVectors.clustered(count, 16, 20, 5);
        try (LuceneEmbeddingIndex index = open()) {
            List<EmbeddingDocument> documents = new ArrayList<>();
            for (int i = 0; i < vectors.size(); i++) {
                documents.add(new EmbeddingDocument("d" + i, vectors.get(i), null, Map.of("i", i)));
            }
            index.putAll(documents);
            index.optimize();

            IndexQuery query = IndexQuery.of(vectors.getFirst(), 10).withFilter(MetadataQueries.atLeast("i", 1000));
            List<DocumentMatch> matches = index.search(query);
            assertThat(matches).hasSize(10).allMatch(match -> (Integer) match.document().metadata().get("i") >= 1000);
            assertThat(index.count(MetadataQueries.lessThan("i", 7))).isEqualTo(7);
        }
    }
}
