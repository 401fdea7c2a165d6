package dev.mme5.benchmarks.models;

import java.util.List;

/** A library that embeds texts with one model. */
interface TextEmbedder extends AutoCloseable {
    /** For the table. */
    String name();

    /** One vector for each text. */
    List<float[]> embed(List<String> texts);

    /** Whether the vectors must be those of mme5. */
    boolean isSameModel();

    @Override
    void close();
}
