package dev.mme5.lucene;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.VectorSimilarityFunction;

/** The fields of a document in Lucene, beside those of its metadata. */
final class DocumentFields {
    static final String ID = "id";
    static final String VECTOR = "vector";
    static final String TEXT = "text";

    private DocumentFields() {}

    static Document write(EmbeddingDocument source) {
        Document document = new Document();
        document.add(new StringField(ID, source.id(), Field.Store.YES));
        document.add(new KnnFloatVectorField(VECTOR, source.vector(), VectorSimilarityFunction.COSINE));
        if (source.text() != null) document.add(new StoredField(TEXT, source.text()));
        MetadataFields.add(document, source.metadata());
        return document;
    }

    static EmbeddingDocument read(Document document, float[] vector) {
        return new EmbeddingDocument(document.get(ID), vector, document.get(TEXT), MetadataFields.read(document));
    }
}
