package dev.mme5.lucene;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;

/**
 * Lucene's default codec with quantised vectors of up to 16,384 dimensions, for the {@code IndexWriterConfig} of a program's own index:
 * {@code config.setCodec(new WideVectorsCodec(Quantization.BITS_4))}. Readers need nothing of it: codec and format have Lucene's own names.
 */
public final class WideVectorsCodec extends Lucene104Codec {
    /** Neighbours of a vector in the graph; Lucene's default. */
    static final int MAX_CONNECTIONS = 16;

    /** Neighbours that are looked at when a vector is added; Lucene's default. */
    static final int BEAM_WIDTH = 100;

    private final KnnVectorsFormat format;

    public WideVectorsCodec(Quantization quantization) {
        this(quantization, MAX_CONNECTIONS, BEAM_WIDTH);
    }

    /**
     * @param maxConnections neighbours of a vector in the graph, up to 512; more find better and take memory
     * @param beamWidth neighbours that are looked at when a vector is added, up to 3,200; more find better and take time
     */
    public WideVectorsCodec(Quantization quantization, int maxConnections, int beamWidth) {
        this.format = new WideVectorsFormat(quantization, maxConnections, beamWidth);
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
    }
}
