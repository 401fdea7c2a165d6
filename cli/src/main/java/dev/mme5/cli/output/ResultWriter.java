package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;

/** Results as one of the formats, in the order of the inputs. */
public interface ResultWriter extends AutoCloseable {
    void embedded(Json id, Embedding embedding) throws IOException;

    void quantized(Json id, QuantizedEmbedding embedding) throws IOException;

    void failed(Json id, String error) throws IOException;

    /** What is written is made whole; more may follow. */
    default void finish() throws IOException {}

    /** What the writer itself has opened is given back, finished or not; where results go stays open. */
    @Override
    default void close() throws IOException {}
}
