package dev.mme5.lucene;

import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** Bits for each number of a vector in the graph that is searched. The floats are kept beside it for re-scoring. */
public enum Quantization {
    /** 512 bytes of 4,096 numbers; needs the most candidates. */
    BITS_1(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE),
    BITS_2(ScalarEncoding.DIBIT_QUERY_NIBBLE),
    BITS_4(ScalarEncoding.PACKED_NIBBLE),
    BITS_8(ScalarEncoding.UNSIGNED_BYTE);

    private final ScalarEncoding encoding;

    Quantization(ScalarEncoding encoding) {
        this.encoding = encoding;
    }

    ScalarEncoding encoding() {
        return encoding;
    }
}
