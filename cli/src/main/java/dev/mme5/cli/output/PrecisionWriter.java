package dev.mme5.cli.output;

import dev.mme5.engine.Embedding;
import dev.mme5.engine.Int8Ranges;
import dev.mme5.engine.Precision;
import dev.mme5.engine.QuantizedEmbedding;
import dev.mme5.json.Json;
import java.io.IOException;

/** Truncates and quantises vectors and passes them on to another writer. */
public final class PrecisionWriter implements ResultWriter {
    private final ResultWriter target;
    private final int dimensions;
    private final Precision precision;
    private final Int8Ranges ranges;

    /** @param ranges the ranges for {@link Precision#INT8}, else null */
    public PrecisionWriter(ResultWriter target, int dimensions, Precision precision, Int8Ranges ranges) {
        this.target = target;
        this.dimensions = dimensions;
        this.precision = precision;
        this.ranges = ranges;
    }

    @Override
    public void writeEmbedding(Json id, Embedding embedding) throws IOException {
        Embedding cut = embedding.cut(dimensions);
        switch (precision) {
            case FLOAT32 -> target.writeEmbedding(id, cut);
            case INT8 -> target.writeQuantized(id, QuantizedEmbedding.int8(cut, ranges));
            case BINARY -> target.writeQuantized(id, QuantizedEmbedding.binary(cut));
            case UBINARY -> target.writeQuantized(id, QuantizedEmbedding.ubinary(cut));
        }
    }

    @Override
    public void writeQuantized(Json id, QuantizedEmbedding embedding) throws IOException {
        target.writeQuantized(id, embedding);
    }

    @Override
    public void writeFailure(Json id, String error) throws IOException {
        target.writeFailure(id, error);
    }

    @Override
    public void finish() throws IOException {
        target.finish();
    }
}
