package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.engine.Precision;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;

/** Cuts and quantizes vectors on their way to another writer. */
public final class PrecisionWriter implements ResultWriter {
    private final ResultWriter to;
    private final int dimensions;
    private final Precision precision;
    private final Int8Ranges ranges;

    /** @param ranges for {@link Precision#INT8}, else null */
    public PrecisionWriter(ResultWriter to, int dimensions, Precision precision, Int8Ranges ranges) {
        this.to = to;
        this.dimensions = dimensions;
        this.precision = precision;
        this.ranges = ranges;
    }

    @Override
    public void embedded(Json id, Embedding embedding) throws IOException {
        Embedding cut = embedding.cut(dimensions);
        switch (precision) {
            case FLOAT32 -> to.embedded(id, cut);
            case INT8 -> to.quantized(id, QuantizedEmbedding.int8(cut, ranges));
            case BINARY -> to.quantized(id, QuantizedEmbedding.binary(cut));
            case UBINARY -> to.quantized(id, QuantizedEmbedding.ubinary(cut));
        }
    }

    @Override
    public void quantized(Json id, QuantizedEmbedding embedding) throws IOException {
        to.quantized(id, embedding);
    }

    @Override
    public void failed(Json id, String error) throws IOException {
        to.failed(id, error);
    }

    @Override
    public void finish() throws IOException {
        to.finish();
    }
}
