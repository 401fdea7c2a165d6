package dev.mme5.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The bytes of a tensor that is to be written, produced when it is its turn: it may be larger than the heap. */
@FunctionalInterface
public interface TensorData {
    /** Largest piece that is handed to a channel at once; a buffer holds no more than 2 GiB. */
    int CHUNK_BYTES = 1 << 20;

    /** Writes exactly the tensor's bytes, row-major and little-endian, in pieces of any size. */
    void writeTo(WritableByteChannel out) throws IOException;

    /** Bytes that are there already, in memory or mapped; they must not change until they are written. */
    static TensorData of(MemorySegment bytes) {
        return out -> {
            try (Arena arena = Arena.ofConfined()) {
                // Heap memory other than byte[] has no buffer view and goes through this one.
                MemorySegment copy = bytes.heapBase().isPresent() ? arena.allocate(CHUNK_BYTES) : null;
                for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
                    MemorySegment piece = bytes.asSlice(at, Math.min(CHUNK_BYTES, bytes.byteSize() - at));
                    writeFully(copy == null ? piece : copy.asSlice(0, piece.byteSize()).copyFrom(piece), out);
                }
            }
        };
    }

    /** Floats, rounded to BF16, F16 or F32 (to nearest, ties to even) as they are written; they must not change until then. */
    static TensorData of(DType dtype, float[] values) {
        if (!dtype.isFloat()) throw new IllegalArgumentException("expected BF16, F16 or F32, found " + dtype);
        int bytesEach = dtype.bits() / 8;
        return out -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment encoded = arena.allocate(CHUNK_BYTES);
                int perChunk = CHUNK_BYTES / bytesEach;
                for (int at = 0; at < values.length; at += perChunk) {
                    int count = Math.min(perChunk, values.length - at);
                    FloatCodec.encode(dtype, values, at, count, encoded);
                    writeFully(encoded.asSlice(0, (long) count * bytesEach), out);
                }
            }
        };
    }

    private static void writeFully(MemorySegment piece, WritableByteChannel out) throws IOException {
        ByteBuffer buffer = piece.asByteBuffer();
        while (buffer.hasRemaining()) out.write(buffer);
    }
}
