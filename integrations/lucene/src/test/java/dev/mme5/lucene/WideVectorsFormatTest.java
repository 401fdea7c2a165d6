package dev.mme5.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WideVectorsFormatTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void wideGraphIsReadByAnyReader(Quantization quantization) throws IOException {
        KnnVectorsFormat format = new WideVectorsFormat(quantization, WideVectorsCodec.MAX_CONNECTIONS, WideVectorsCodec.BEAM_WIDTH, 0);
        Codec codec = new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
        int count = 200;
        List<float[]> vectors = TestVectors.clustered(count, 4096, 10, 7);
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig().setCodec(codec))) {
            for (int i = 0; i < count; i++) writer.addDocument(DocumentFields.write(EmbeddingDocument.of("d" + i, vectors.get(i))));
        }
        assertThat(graphSize()).isEqualTo(count);
        requireFound(vectors);
    }

    @ParameterizedTest
    @EnumSource
    void wideIndexIsReadByAnyReader(Quantization quantization) throws IOException {
        List<float[]> vectors = TestVectors.clustered(200, 4096, 10, 7);
        put(vectors, quantization);

        requireFound(vectors);
    }

    @Test
    void graphIsBuiltWhenTheSegmentIsLarge() throws IOException {
        put(TestVectors.clustered(9_118, 4, 10, 7), Quantization.BITS_8);
        assertThat(graphSize()).isZero();

        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(folder, IndexSettings.defaults())) {
            index.put(EmbeddingDocument.of("one more", new float[] {1, 0, 0, 0}));
            index.optimize();
        }
        assertThat(graphSize()).isEqualTo(9_119);
    }

    private void put(List<float[]> vectors, Quantization quantization) {
        try (LuceneEmbeddingIndex index = LuceneEmbeddingIndex.open(folder, IndexSettings.defaults().withQuantization(quantization))) {
            for (int i = 0; i < vectors.size(); i++) index.put(EmbeddingDocument.of("d" + i, vectors.get(i)));
            index.optimize();
        }
    }

    private int graphSize() throws IOException {
        try (Directory directory = FSDirectory.open(folder); DirectoryReader reader = DirectoryReader.open(directory)) {
            SegmentReader segment = (SegmentReader) reader.leaves().getFirst().reader();
            var fields = (PerFieldKnnVectorsFormat.FieldsReader) segment.getVectorReader();
            var graphs = (HnswGraphProvider) fields.getFieldReader(DocumentFields.VECTOR);
            HnswGraph graph = graphs.getGraph(DocumentFields.VECTOR);
            return graph == null ? 0 : graph.size();
        }
    }

    /** Nothing here knows mme5. */
    private void requireFound(List<float[]> vectors) throws IOException {
        try (Directory directory = FSDirectory.open(folder); DirectoryReader reader = DirectoryReader.open(directory)) {
            SegmentReader segment = (SegmentReader) reader.leaves().getFirst().reader();
            assertThat(segment.getSegmentInfo().info.getCodec().getClass()).isEqualTo(Codec.getDefault().getClass());
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int i = 0; i < 20; i++) {
                ScoreDoc[] found = searcher.search(new KnnFloatVectorQuery("vector", vectors.get(i), 5), 5).scoreDocs;
                assertThat(searcher.storedFields().document(found[0].doc).get("id")).isEqualTo("d" + i);
            }
        }
    }
}
