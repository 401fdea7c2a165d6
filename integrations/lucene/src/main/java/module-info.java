/** A persistent approximate index for embeddings, on Apache Lucene; start with {@link dev.mme5.lucene.LuceneEmbeddingIndex}. */
module dev.mme5.lucene {
    requires transitive org.apache.lucene.core; // filters are its queries

    exports dev.mme5.lucene;
}
