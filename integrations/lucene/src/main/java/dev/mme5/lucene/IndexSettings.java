package dev.mme5.lucene;

import java.util.Objects;

/**
 * How an index is kept. Start from {@link #defaults} and change what is needed.
 *
 * @param quantization bits in the graph, of vectors that are written from now on
 * @param maxConnections neighbours of a vector in the graph, 2 to 512
 * @param beamWidth neighbours that are looked at when a vector is added, 1 to 3,200
 * @param bufferMegabytes heap for documents that are not written yet
 * @param fingerprint whose vectors these are, such as {@code EmbeddingModel.fingerprint()}; an index of another model is refused. Null: not
 *     compared
 */
public record IndexSettings(Quantization quantization, int maxConnections, int beamWidth, int bufferMegabytes, String fingerprint) {
    private static final int BUFFER_MEGABYTES = 64;

    public IndexSettings {
        Objects.requireNonNull(quantization, "quantization");
        if (maxConnections < 2 || maxConnections > 512) throw new IllegalArgumentException("maxConnections is " + maxConnections);
        if (beamWidth < 1 || beamWidth > 3200) throw new IllegalArgumentException("beamWidth is " + beamWidth);
        if (bufferMegabytes < 1) throw new IllegalArgumentException("bufferMegabytes is " + bufferMegabytes);
    }

    public static IndexSettings defaults() {
        return new IndexSettings(
                Quantization.BITS_4, WideVectorsCodec.MAX_CONNECTIONS, WideVectorsCodec.BEAM_WIDTH, BUFFER_MEGABYTES, null);
    }

    public IndexSettings withQuantization(Quantization value) {
        return new IndexSettings(value, maxConnections, beamWidth, bufferMegabytes, fingerprint);
    }

    public IndexSettings withGraph(int connections, int beam) {
        return new IndexSettings(quantization, connections, beam, bufferMegabytes, fingerprint);
    }

    public IndexSettings withBufferMegabytes(int value) {
        return new IndexSettings(quantization, maxConnections, beamWidth, value, fingerprint);
    }

    public IndexSettings withFingerprint(String value) {
        return new IndexSettings(quantization, maxConnections, beamWidth, bufferMegabytes, value);
    }
}
