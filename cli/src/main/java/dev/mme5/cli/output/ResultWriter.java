package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;

/** Writes results in one of the formats, in the order of the inputs. */
public interface ResultWriter extends AutoCloseable {
    void writeEmbedding(Json id, Embedding embedding) throws IOException;

    void writeQuantized(Json id, QuantizedEmbedding embedding) throws IOException;

    void writeFailure(Json id, String error) throws IOException;

    /** Completes the output, for example by updating a header. More results may follow. */
    default void finish() throws IOException {}

    /** Closes files that the writer itself has opened. The output stays open. */
    @Override
    default void close() throws IOException {}
}
