package dev.mme5.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own format for quantised vectors in an HNSW graph, with another limit of dimensions. Lucene refuses more than 1,024 when it
 * writes and has no limit when it reads; because the name in the files is that of its own format, a program without this class reads them.
 */
final class WideVectorsFormat extends KnnVectorsFormat {
    /** Four times the width of mmE5, and still a file of 64 KB for a vector. */
    static final int MAX_DIMENSIONS = 16_384;

    /**
     * A segment of n vectors has a graph if n is more than this many times ln n, so from 9,119 on. In a smaller one all quantised vectors
     * are compared. A graph for each segment that leaves the heap would cost the most of adding, since it compares floats, and live until
     * the next merge.
     */
    private static final int GRAPH_THRESHOLD = 1000;

    private static final int MERGE_THREADS = Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER;

    private final Lucene104HnswScalarQuantizedVectorsFormat format;

    WideVectorsFormat(Quantization quantization, int maxConnections, int beamWidth) {
        this(quantization, maxConnections, beamWidth, GRAPH_THRESHOLD);
    }

    /** @param graphThreshold 0 for a graph in every segment */
    WideVectorsFormat(Quantization quantization, int maxConnections, int beamWidth, int graphThreshold) {
        super(Lucene104HnswScalarQuantizedVectorsFormat.NAME);
        this.format = new Lucene104HnswScalarQuantizedVectorsFormat(
                quantization.encoding(), maxConnections, beamWidth, MERGE_THREADS, null, graphThreshold);
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return format.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return format.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String fieldName) {
        return MAX_DIMENSIONS;
    }

    @Override
    public String toString() {
        return format.toString();
    }
}
